import { Button, Code, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import {
  CONSOLE_ROLES,
  type ConsoleAccount,
  type ConsoleAccounts,
  type ConsoleApproverKey,
  type ConsoleApproverKeys,
  type NewConsoleAccountReply,
} from '@sallyport/contracts';
import { ActButton, ConfirmAct, DataTable, koreanTime, ProblemAlert } from '@sallyport/ui';
import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';
import { HiddenFingerprint } from '../parts/hidden-fingerprint.tsx';

/** Accounts, lock-outs, second accounts that wait for a second administrator, approvers' keys. */
export function AccountsPage(): ReactNode {
  const { t } = useTranslation();
  const { value, problem, changed } = useRoute<ConsoleAccounts>('/v1/accounts');
  const keys = useRoute<ConsoleApproverKeys>('/v1/approver-keys');
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.accounts')}
      </Title>
      <NewAccount changed={changed} />
      <ProblemAlert problem={problem} />
      <DataTable<ConsoleAccount>
        caption={t('nav.accounts')}
        rows={value?.accounts ?? []}
        rowKey={(row) => row.accountId}
        empty={t('accounts.empty')}
        columns={[
          { label: t('ui.login-name'), cell: (row) => row.login },
          { label: t('people.name'), cell: (row) => row.name },
          { label: t('people.staff-number'), cell: (row) => row.staffNumber },
          { label: t('accounts.role'), cell: (row) => t(`role.${row.role}`) },
          { label: t('request.state'), cell: (row) => t(`account.${row.state}`) },
          {
            label: t('accounts.lock'),
            cell: (row) => `${t(`lock.${row.lockout.kind}`)} (${row.lockout.failures})`,
          },
          {
            label: t('people.decide'),
            cell: (row) => <AccountActs account={row} changed={changed} />,
          },
        ]}
      />
      <Title order={2} size="h3">
        {t('accounts.keys')}
      </Title>
      <Text size="sm">{t('accounts.keys-hint')}</Text>
      <DataTable<ConsoleApproverKey>
        caption={t('accounts.keys')}
        rows={keys.value?.keys ?? []}
        rowKey={(row) => row.keyId}
        empty={t('accounts.keys-empty')}
        columns={[
          { label: t('people.name'), cell: (row) => row.accountName },
          { label: t('people.device'), cell: (row) => row.label },
          { label: t('people.fingerprint'), cell: fingerprintOf },
          { label: t('people.since'), cell: (row) => koreanTime(row.createdAt) },
          { label: t('request.state'), cell: (row) => t(`approver-key.${row.state}`) },
          {
            label: t('people.decide'),
            cell: (row) => <KeyActs approverKey={row} changed={keys.changed} />,
          },
        ]}
      />
    </Stack>
  );
}

function NewAccount({ changed }: { changed: () => Promise<void> }): ReactNode {
  const { t } = useTranslation();
  const [fields, setFields] = useState({ login: '', name: '', staffNumber: '' });
  const [role, setRole] = useState<string>('operator');
  const [reply, setReply] = useState<NewConsoleAccountReply | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const field = (name: keyof typeof fields, label: string) => (
    <TextInput
      label={label}
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
    setReply(null);
    try {
      setReply(await api.send<NewConsoleAccountReply>('POST', '/v1/accounts', { ...fields, role }));
      setFields({ login: '', name: '', staffNumber: '' });
      await changed();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Stack component="form" maw={860} onSubmit={(event: SyntheticEvent) => void submit(event)}>
      <Group align="flex-end" grow>
        {field('login', t('ui.login-name'))}
        {field('name', t('people.name'))}
        {field('staffNumber', t('people.staff-number'))}
        <Select
          label={t('accounts.role')}
          allowDeselect={false}
          data={CONSOLE_ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          value={role}
          onChange={(value) => setRole(value ?? 'operator')}
        />
      </Group>
      <ProblemAlert problem={problem} />
      {reply !== null && (
        <Text role="status">
          {reply.activationCode === null
            ? t('accounts.proposed', { name: reply.account.name })
            : t('accounts.created', { name: reply.account.name })}{' '}
          {reply.activationCode !== null && <Code>{reply.activationCode}</Code>}
        </Text>
      )}
      <Group>
        <Button type="submit">{t('accounts.create')}</Button>
      </Group>
    </Stack>
  );
}

function AccountActs({
  account,
  changed,
}: {
  account: ConsoleAccount;
  changed: () => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  const [code, setCode] = useState<string | null>(null);
  const act = async (path: string): Promise<NewConsoleAccountReply | undefined> => {
    const reply = await api.send<NewConsoleAccountReply | undefined>('POST', path);
    await changed();
    return reply;
  };
  return (
    <Group gap="xs">
      {account.state === 'proposed' && (
        <ConfirmAct
          label={t('people.confirm')}
          sentence={t('accounts.confirm-sentence', { name: account.name })}
          onConfirm={async () => {
            setCode(
              (await act(`/v1/account-proposals/${account.accountId}/confirm`))?.activationCode ??
                null,
            );
          }}
        />
      )}
      {code !== null && <Code>{code}</Code>}
      {account.lockout.kind !== 'open' && (
        <ActButton
          onAct={async () => {
            await act(`/v1/accounts/${account.accountId}/unlock`);
          }}
        >
          {t('accounts.unlock')}
        </ActButton>
      )}
      {account.state !== 'disabled' && (
        <ConfirmAct
          color="red"
          label={t('accounts.disable')}
          sentence={t('accounts.disable-sentence', { name: account.name })}
          onConfirm={async () => {
            await act(`/v1/accounts/${account.accountId}/disable`);
          }}
        />
      )}
    </Group>
  );
}

/** Before it is confirmed it stays hidden, so that it is typed as heard and not copied. */
function fingerprintOf(key: ConsoleApproverKey): ReactNode {
  return key.state === 'pending' ? <HiddenFingerprint /> : <Code>{key.fingerprint}</Code>;
}

function KeyActs({
  approverKey,
  changed,
}: {
  approverKey: ConsoleApproverKey;
  changed: () => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  const [fingerprint, setFingerprint] = useState('');
  if (approverKey.state !== 'pending') return null;
  return (
    <ConfirmAct
      label={t('people.confirm')}
      sentence={t('accounts.key-sentence', { name: approverKey.accountName })}
      onConfirm={async () => {
        await api.send('POST', `/v1/approver-keys/${approverKey.keyId}/confirm`, { fingerprint });
        await changed();
      }}
    >
      <TextInput
        label={t('people.fingerprint-typed')}
        description={t('people.fingerprint-hint')}
        required
        value={fingerprint}
        onChange={(event) => setFingerprint(event.currentTarget.value)}
      />
    </ConfirmAct>
  );
}
