import { Button, Checkbox, Group, Radio, Stack, Text } from '@mantine/core';
import { MASK_STYLES, type ConsoleFootageList } from '@sallyport/contracts';
import { koreanTime, ProblemAlert } from '@sallyport/ui';
import { Link } from '@tanstack/react-router';
import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';

const TARGETS = ['face', 'plate', 'person', 'vehicle', 'motion'] as const;
/** What moves is masked besides faces unless the operator says otherwise. */
const USUAL_TARGETS = ['face', 'motion'] as const;

/** Which recording serves this export, how it is masked, and what is looked for. Choosing makes this person the preparer. */
export function FootageChoice({
  exportId,
  cameraId,
  changed,
}: {
  exportId: string;
  cameraId: string;
  changed: () => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  const { value } = useRoute<ConsoleFootageList>(`/v1/footage?cameraId=${cameraId}`);
  const [footageId, setFootageId] = useState('');
  const [style, setStyle] = useState('mosaic');
  const [targets, setTargets] = useState<string[]>([...USUAL_TARGETS]);
  const [problem, setProblem] = useState<unknown>(null);
  const rows = (value?.rows ?? []).filter(({ state }) => state === 'stored' || state === 'usable');
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    try {
      await api.send('POST', `/v1/exports/${exportId}/footage`, { footageId, style, targets });
      await changed();
    } catch (error) {
      setProblem(error);
    }
  };
  if (rows.length === 0) {
    return (
      <Group>
        <Text>{t('choice.none')}</Text>
        <Button component={Link} to="/footage">
          {t('footage.upload')}
        </Button>
      </Group>
    );
  }
  return (
    <Stack component="form" onSubmit={(event: SyntheticEvent) => void submit(event)}>
      <Radio.Group label={t('choice.footage')} required value={footageId} onChange={setFootageId}>
        <Stack gap="xs" mt="xs">
          {rows.map((row) => (
            <Radio
              key={row.footageId}
              value={row.footageId}
              label={`${koreanTime(row.startsAt)} · ${row.name ?? '–'} · ${(row.sizeBytes / 1048576).toFixed(1)} MiB`}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Radio.Group label={t('export.style')} value={style} onChange={setStyle}>
        <Group mt="xs">
          {MASK_STYLES.map((each) => (
            <Radio key={each} value={each} label={t(`style.${each}`)} />
          ))}
        </Group>
      </Radio.Group>
      <Checkbox.Group label={t('choice.targets')} value={targets} onChange={setTargets}>
        <Group mt="xs">
          {TARGETS.map((target) => (
            <Checkbox key={target} value={target} label={t(`target.${target}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <ProblemAlert problem={problem} />
      <Group>
        <Button type="submit" disabled={footageId === '' || targets.length === 0}>
          {t('choice.start')}
        </Button>
      </Group>
    </Stack>
  );
}
