import {
  Button,
  FileInput,
  Group,
  Progress,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import type { ConsoleCameras, ConsoleFootage, ConsoleFootageList } from '@sallyport/contracts';
import { DataTable, fromKoreanInput, koreanTime, ProblemAlert } from '@sallyport/ui';
import { useRef, useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';

/** Upload a recording of a camera; the list shows what has come in, by upload or watch folder. */
export function FootagePage(): ReactNode {
  const { t } = useTranslation();
  const { value, problem, changed } = useRoute<ConsoleFootageList>('/v1/footage');
  const cameras = useRoute<ConsoleCameras>('/v1/cameras?limit=500', 30_000).value?.rows ?? [];
  const cameraName = (id: string): string =>
    cameras.find(({ cameraId }) => cameraId === id)?.name ?? id.slice(0, 8);
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.footage')}
      </Title>
      <UploadForm
        cameras={cameras.map(({ cameraId, name }) => ({ value: cameraId, label: name }))}
        changed={changed}
      />
      <ProblemAlert problem={problem} />
      <DataTable<ConsoleFootage>
        caption={t('footage.list')}
        rows={value?.rows ?? []}
        rowKey={(row) => row.footageId}
        empty={t('footage.empty')}
        columns={[
          { label: t('request.camera'), cell: (row) => cameraName(row.cameraId) },
          { label: t('footage.starts'), cell: (row) => koreanTime(row.startsAt) },
          { label: t('footage.name'), cell: (row) => row.name ?? '–' },
          {
            label: t('footage.size'),
            cell: (row) => `${(row.sizeBytes / 1048576).toFixed(1)} MiB`,
          },
          { label: 'SHA-256', cell: (row) => `${row.sha256.slice(0, 16)}…` },
          {
            label: t('request.state'),
            cell: (row) => `${t(`footage.${row.state}`)} ${row.failure ?? ''}`,
          },
        ]}
      />
    </Stack>
  );
}

function UploadForm({
  cameras,
  changed,
}: {
  cameras: { value: string; label: string }[];
  changed: () => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  const [cameraId, setCameraId] = useState<string | null>(null);
  const [startsAt, setStartsAt] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [fraction, setFraction] = useState<number | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [stored, setStored] = useState<ConsoleFootage | null>(null);
  const cancel = useRef<AbortController | null>(null);
  const utc = fromKoreanInput(startsAt);

  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (cameraId === null || file === null || utc === null) return;
    const form = new FormData();
    form.set('cameraId', cameraId);
    form.set('startsAt', utc);
    form.set('name', file.name.slice(0, 120));
    form.set('file', file);
    cancel.current = new AbortController();
    setProblem(null);
    setStored(null);
    setFraction(0);
    try {
      setStored(
        await api.upload<ConsoleFootage>('/v1/footage', form, setFraction, cancel.current.signal),
      );
      setFile(null);
      await changed();
    } catch (error) {
      setProblem(error);
    } finally {
      setFraction(null);
    }
  };

  return (
    <Stack component="form" maw={560} onSubmit={(event: SyntheticEvent) => void submit(event)}>
      <Select
        label={t('request.camera')}
        required
        searchable
        data={cameras}
        value={cameraId}
        onChange={setCameraId}
        nothingFoundMessage={t('footage.no-camera')}
      />
      <TextInput
        label={t('footage.starts-kst')}
        type="datetime-local"
        step={1}
        required
        value={startsAt}
        onChange={(event) => setStartsAt(event.currentTarget.value)}
      />
      <FileInput
        placeholder={t('footage.choose')}
        label={t('footage.file')}
        description={t('footage.file-hint')}
        required
        clearable
        value={file}
        onChange={setFile}
      />
      {fraction !== null && <Progress value={fraction * 100} aria-label={t('footage.progress')} />}
      <ProblemAlert problem={problem} />
      {stored !== null && (
        <Text role="status">{t('footage.saved', { sha256: stored.sha256.slice(0, 16) })}</Text>
      )}
      <Group>
        <Button
          type="submit"
          loading={fraction !== null}
          disabled={cameraId === null || file === null || utc === null}
        >
          {t('footage.upload')}
        </Button>
        {fraction !== null && (
          <Button variant="default" onClick={() => cancel.current?.abort()}>
            {t('ui.cancel')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
