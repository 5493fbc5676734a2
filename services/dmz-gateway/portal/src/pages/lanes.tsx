import { Code, Stack, Text, Title } from '@mantine/core';
import type { PortalLanes } from '@sallyport/contracts';
import { Facts, GapTable, koreanTime, ProblemAlert } from '@sallyport/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../api.ts';

/** Both one-way lanes and both ledgers as this zone knows them. */
export function LanesPage(): ReactNode {
  const { t } = useTranslation();
  const { value: lanes, problem } = useRoute<PortalLanes>('/v1/lanes', 5000);
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.lanes')}
      </Title>
      <ProblemAlert problem={problem} />
      {lanes !== null && <Health lanes={lanes} />}
    </Stack>
  );
}

function Health({ lanes }: { lanes: PortalLanes }): ReactNode {
  const { t } = useTranslation();
  const { trust, exportLane, requestLane, internalLedger, ownLedger } = lanes;
  const yesNo = (value: boolean): string => t(value ? 'yes' : 'no');
  return (
    <>
      <Title order={2} size="h4">
        {t('lanes.trust')}
      </Title>
      <Facts
        facts={[
          [t('lanes.pinned'), yesNo(trust.pinned)],
          [t('lanes.certified'), yesNo(trust.certified)],
          [t('lanes.fingerprint'), <Code key="fingerprint">{trust.fingerprint ?? '–'}</Code>],
        ]}
      />
      <Title order={2} size="h4">
        {t('lanes.export')}
      </Title>
      <Facts
        facts={[
          [t('lanes.received'), exportLane.received],
          [t('lanes.refused'), exportLane.refused],
          [t('lanes.last-frame'), koreanTime(exportLane.lastFrameAt)],
        ]}
      />
      <GapTable gaps={exportLane.gaps} />
      <Title order={2} size="h4">
        {t('lanes.request')}
      </Title>
      <Text size="sm">{t('lanes.sent-hint')}</Text>
      <Facts
        facts={[
          [t('lanes.queued'), requestLane.queued],
          [t('lanes.sent'), requestLane.sent],
          [t('lanes.failed'), requestLane.failed],
          [t('lanes.last-sent'), koreanTime(requestLane.lastSentAt)],
        ]}
      />
      <Title order={2} size="h4">
        {t('lanes.ledgers')}
      </Title>
      <Facts
        facts={[
          [
            t('lanes.internal-ledger'),
            `${t(`witness.${internalLedger.verdict}`)} · ${internalLedger.treeSize} · ${koreanTime(internalLedger.at)}`,
          ],
          [t('lanes.internal-root'), <Code key="internal">{internalLedger.rootHash ?? '–'}</Code>],
          [
            t('lanes.own-ledger'),
            `${ownLedger.treeSize} · ${koreanTime(ownLedger.lastCheckpointAt)}`,
          ],
          [t('lanes.own-root'), <Code key="own">{ownLedger.rootHash ?? '–'}</Code>],
        ]}
      />
    </>
  );
}
