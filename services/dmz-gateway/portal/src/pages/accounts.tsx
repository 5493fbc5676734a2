import { Stack, Text, Title } from '@mantine/core';
import type { PortalAccount, PortalAccounts } from '@sallyport/contracts';
import { ActButton, DataTable, koreanTime, ProblemAlert } from '@sallyport/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';

/** Accounts of this gateway and their lock-outs; the locked ones come first. */
export function AccountsPage(): ReactNode {
  const { t } = useTranslation();
  const { value, problem, changed } = useRoute<PortalAccounts>('/v1/accounts');
  const rows = [...(value?.accounts ?? [])].sort(
    (a, b) => Number(a.lock === 'open') - Number(b.lock === 'open'),
  );
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.accounts')}
      </Title>
      <Text size="sm">{t('accounts.hint')}</Text>
      <ProblemAlert problem={problem} />
      <DataTable<PortalAccount>
        caption={t('nav.accounts')}
        rows={rows}
        rowKey={(row) => row.accountId}
        empty={value === null ? t('ui.busy') : t('accounts.empty')}
        columns={[
          { label: t('ui.login-name'), cell: (row) => row.login },
          { label: t('accounts.role'), cell: (row) => t(`role.${row.role}`) },
          {
            label: t('accounts.state'),
            cell: (row) =>
              row.officerStatus === null
                ? t(`account.${row.state}`)
                : `${t(`account.${row.state}`)} · ${t(`officer.${row.officerStatus}`)}`,
          },
          {
            label: t('accounts.lock'),
            cell: (row) =>
              `${t(`lock.${row.lock}`)} · ${t('accounts.failures', { count: row.failures })}`,
          },
          { label: t('accounts.locked-until'), cell: (row) => koreanTime(row.lockedUntil) },
          {
            label: t('accounts.act'),
            cell: (row) =>
              row.lock === 'open' ? null : (
                <ActButton
                  size="compact-sm"
                  onAct={async () => {
                    await api.send('POST', `/v1/accounts/${row.accountId}/unlock`);
                    await changed();
                  }}
                >
                  {t('accounts.unlock', { login: row.login })}
                </ActButton>
              ),
          },
        ]}
      />
    </Stack>
  );
}
