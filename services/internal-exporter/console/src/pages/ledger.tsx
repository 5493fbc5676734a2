import { Code, Stack, Text, Title } from '@mantine/core';
import type {
  ConsoleCheckpoint,
  ConsoleLedgerEntries,
  ConsoleLedgerEntry,
} from '@sallyport/contracts';
import { DataTable, Facts, koreanTime, ProblemAlert } from '@sallyport/ui';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../api.ts';

/** What the page shows of the ledger before the newest checkpoint; everything after it comes as well. */
const LATEST = 200;

/** This zone's ledger and what is known of the other's. */
export function LedgerPage(): ReactNode {
  const { t } = useTranslation();
  const heads = useRoute<ConsoleCheckpoint>('/v1/ledger/checkpoint', 10_000).value;
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.ledger')}
      </Title>
      <Facts
        facts={[
          [
            t('ledger.own'),
            heads?.own == null ? (
              '–'
            ) : (
              <span>
                <Code>{heads.own.rootHash}</Code> · {heads.own.treeSize} ·{' '}
                {koreanTime(heads.own.at)}
              </span>
            ),
          ],
          [
            t('ledger.peer'),
            heads?.peer == null ? (
              t('ledger.unwitnessed')
            ) : (
              <span>
                {t(`ledger.${heads.peer.verdict}`)} · <Code>{heads.peer.rootHash}</Code> ·{' '}
                {heads.peer.treeSize} · {koreanTime(heads.peer.at)}
              </span>
            ),
          ],
        ]}
      />
      <Text size="sm">{t('ledger.hint')}</Text>
      {heads !== null && <LatestEntries treeSize={heads.own?.treeSize ?? 0} />}
    </Stack>
  );
}

/** The newest entries first. Reading is an entry too, so the place to read from stays as it was. */
function LatestEntries({ treeSize }: { treeSize: number }): ReactNode {
  const { t } = useTranslation();
  const [offset] = useState(Math.max(0, treeSize - LATEST));
  const path = `/v1/ledger/entries?offset=${offset}&limit=500`;
  const { value, problem } = useRoute<ConsoleLedgerEntries>(path, 60_000);
  return (
    <>
      <ProblemAlert problem={problem} />
      <DataTable<ConsoleLedgerEntry>
        caption={t('nav.ledger')}
        rows={value?.rows.toReversed() ?? []}
        rowKey={(row) => row.entry.entryId}
        empty={t('log.empty')}
        columns={[
          { label: '#', cell: (row) => row.index ?? t('ledger.pending') },
          { label: t('request.at'), cell: (row) => koreanTime(row.entry.at) },
          { label: t('ledger.actor'), cell: (row) => row.actorName ?? row.entry.actor.kind },
          { label: t('ledger.event'), cell: (row) => <Code>{row.entry.event.kind}</Code> },
          { label: t('ledger.facts'), cell: (row) => <Code>{factsOf(row)}</Code> },
        ]}
      />
    </>
  );
}

/** An event's own members: ids, numbers of a gap, codes. */
function factsOf({ entry: { event } }: ConsoleLedgerEntry): string {
  return Object.entries(event)
    .filter(([member]) => member !== 'kind')
    .map(([member, value]) => `${member} ${String(value)}`)
    .join(' · ');
}
