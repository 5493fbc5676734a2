import { Stack, Text, Title } from '@mantine/core';
import type { ConsoleLanes } from '@sallyport/contracts';
import { Facts, GapTable, koreanTime, ProblemAlert } from '@sallyport/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../api.ts';

/** Both one-way lanes as the inside knows them. */
export function LanesPage(): ReactNode {
  const { t } = useTranslation();
  const { value: lanes, problem } = useRoute<ConsoleLanes>('/v1/lanes', 5000);
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.lanes')}
      </Title>
      <ProblemAlert problem={problem} />
      {lanes !== null && <Lanes lanes={lanes} />}
    </Stack>
  );
}

function Lanes({ lanes: { exportLane, requestLane } }: { lanes: ConsoleLanes }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Title order={2} size="h4">
        {t('lanes.request')}
      </Title>
      <Facts
        facts={[
          [t('lanes.received'), requestLane.received],
          [t('lanes.refused'), requestLane.refused],
          [t('lanes.last-frame'), koreanTime(requestLane.lastFrameAt)],
        ]}
      />
      <Text size="sm">{t('lanes.gaps-hint')}</Text>
      <GapTable gaps={requestLane.gaps} />
      <Title order={2} size="h4">
        {t('lanes.export')}
      </Title>
      <Text size="sm">{t('lanes.sent-hint')}</Text>
      <Facts
        facts={[
          [t('lanes.queued'), exportLane.queued],
          [t('lanes.sent'), exportLane.sent],
          [t('lanes.failed'), exportLane.failed],
          [t('lanes.last-sent'), koreanTime(exportLane.lastSentAt)],
        ]}
      />
    </>
  );
}
