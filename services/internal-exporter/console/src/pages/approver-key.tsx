import { Code, Stack, Text, Title } from '@mantine/core';
import type { ConsoleApproverKeys } from '@sallyport/contracts';
import { ActButton, DataTable, ProblemAlert } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';
import { hasApproverKey, makeApproverKey } from '../keys/approver-key.ts';
import { useSession } from '../session.ts';

/** An approver signs with a key of this browser; an administrator confirms it once. */
export function ApproverKeyPage(): ReactNode {
  const { t } = useTranslation();
  const { session } = useSession();
  const { value, problem, changed } = useRoute<ConsoleApproverKeys>('/v1/approver-keys');
  const accountId = session?.account.accountId ?? '';
  const here = useQuery({
    queryKey: ['approver-key-here', accountId],
    queryFn: () => hasApproverKey(accountId),
  });
  if (session === null) return null;
  const own = (value?.keys ?? []).filter((key) => key.accountId === accountId);
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.approver-key')}
      </Title>
      <Text>{t(here.data === true ? 'approver-key.here' : 'approver-key.none')}</Text>
      <div>
        <ActButton
          onAct={async () => {
            const jws = await makeApproverKey({
              accountId,
              siteId: session.site.siteId,
              label: t('approver-key.label'),
            });
            await api.send('POST', '/v1/approver-keys', { jws });
            await here.refetch();
            await changed();
          }}
        >
          {t('approver-key.make')}
        </ActButton>
      </div>
      <ProblemAlert problem={problem} />
      <DataTable
        caption={t('approver-key.read-aloud')}
        rows={own}
        rowKey={(row) => row.keyId}
        empty={t('approver-key.empty')}
        columns={[
          { label: t('people.device'), cell: (row) => row.label },
          { label: t('people.fingerprint'), cell: (row) => <Code>{row.fingerprint}</Code> },
          { label: t('request.state'), cell: (row) => t(`approver-key.${row.state}`) },
        ]}
      />
    </Stack>
  );
}
