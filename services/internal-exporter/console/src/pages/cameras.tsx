import { Button, Group, Select, Stack, TextInput, Title } from '@mantine/core';
import { CAMERA_TYPES, type ConsoleCamera, type ConsoleCameras } from '@sallyport/contracts';
import { ConfirmAct, DataTable, koreanTime, ProblemAlert } from '@sallyport/ui';
import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';
import { useSession } from '../session.ts';

const EMPTY = { name: '', location: '', district: '' };

/** The camera register; officers choose from it after the next directory update. */
export function CamerasPage(): ReactNode {
  const { t } = useTranslation();
  const { session } = useSession();
  const { value, problem, changed } = useRoute<ConsoleCameras>('/v1/cameras?limit=500');
  const mayChange = session?.account.role === 'operator';
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.cameras')}
      </Title>
      {mayChange && <CameraForm changed={changed} />}
      <ProblemAlert problem={problem} />
      <DataTable<ConsoleCamera>
        caption={t('cameras.caption', { total: value?.total ?? 0 })}
        rows={value?.rows ?? []}
        rowKey={(row) => row.cameraId}
        empty={t('cameras.empty')}
        columns={[
          { label: t('cameras.name'), cell: (row) => row.name },
          { label: t('cameras.location'), cell: (row) => `${row.district} ${row.location}` },
          { label: t('cameras.type'), cell: (row) => t(`camera.${row.type}`) },
          {
            label: t('cameras.retention'),
            cell: (row) => t('cameras.days', { days: row.retentionDays }),
          },
          {
            label: t('cameras.registrant'),
            cell: (row) => `${row.registrant ?? '–'} · ${koreanTime(row.registeredAt)}`,
          },
          {
            label: t('people.decide'),
            cell: (row) =>
              mayChange && row.removedAt === null ? (
                <ConfirmAct
                  color="red"
                  label={t('cameras.remove')}
                  sentence={t('cameras.remove-sentence', { name: row.name })}
                  onConfirm={async () => {
                    await api.send('PATCH', `/v1/cameras/${row.cameraId}`, { removed: true });
                    await changed();
                  }}
                />
              ) : null,
          },
        ]}
      />
    </Stack>
  );
}

function CameraForm({ changed }: { changed: () => Promise<void> }): ReactNode {
  const { t } = useTranslation();
  const [fields, setFields] = useState(EMPTY);
  const [type, setType] = useState<string>('fixed');
  const [problem, setProblem] = useState<unknown>(null);
  const field = (name: keyof typeof EMPTY) => (
    <TextInput
      label={t(`cameras.${name}`)}
      required
      value={fields[name]}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setFields((before) => ({ ...before, [name]: value }));
      }}
    />
  );
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    try {
      await api.send('POST', '/v1/cameras', { ...fields, type });
      setFields(EMPTY);
      await changed();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Stack component="form" maw={760} onSubmit={(event: SyntheticEvent) => void submit(event)}>
      <Group align="flex-end" grow>
        {field('name')}
        {field('district')}
        {field('location')}
        <Select
          label={t('cameras.type')}
          allowDeselect={false}
          data={CAMERA_TYPES.map((value) => ({ value, label: t(`camera.${value}`) }))}
          value={type}
          onChange={(value) => setType(value ?? 'fixed')}
        />
      </Group>
      <ProblemAlert problem={problem} />
      <Group>
        <Button type="submit">{t('cameras.register')}</Button>
      </Group>
    </Stack>
  );
}
