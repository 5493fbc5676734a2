import { Button, Code, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from './api.ts';
import { PasswordField } from './password-field.tsx';
import { ProblemAlert } from './problem-alert.tsx';

/** One-time code → password → authenticator → ready to log in; `children` is the way to the log-in. */
export function ActivationForm({ api, children }: { api: Api; children: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const [login, setLogin] = useState('');
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [totpSecret, setTotpSecret] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const who = { login: login.trim(), code: code.trim() };

  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    try {
      if (totpSecret === null) {
        const body = { ...who, password };
        const reply = await api.send<{ totpSecret: string }>('POST', '/v1/activation', body);
        setTotpSecret(reply.totpSecret);
      } else {
        const body = { ...who, totp: totp.replaceAll(' ', '') };
        await api.send('POST', '/v1/activation/confirm', body);
        setDone(true);
      }
    } catch (error) {
      setProblem(error);
    }
  };

  return (
    <Paper withBorder p="xl" maw={480} mx="auto" mt="xl">
      <Stack component="form" onSubmit={(event: SyntheticEvent) => void submit(event)}>
        <Title order={1} size="h2">
          {t('ui.activation')}
        </Title>
        <ProblemAlert problem={problem} />
        {done ? (
          <>
            <Text role="status">{t('ui.activation-done')}</Text>
            {children}
          </>
        ) : (
          <>
            <TextInput
              label={t('ui.login-name')}
              name="login"
              autoComplete="username"
              required
              disabled={totpSecret !== null}
              value={login}
              onChange={(event) => setLogin(event.currentTarget.value)}
            />
            <TextInput
              label={t('ui.activation-code')}
              description={t('ui.activation-code-hint')}
              name="code"
              autoComplete="off"
              required
              disabled={totpSecret !== null}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            {totpSecret === null ? (
              <PasswordField
                label={t('ui.new-password')}
                description={t('ui.new-password-hint')}
                name="password"
                autoComplete="new-password"
                required
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
            ) : (
              <>
                <Text size="sm">{t('ui.totp-secret-hint')}</Text>
                <Code block>{totpSecret}</Code>
                <TextInput
                  label={t('ui.totp')}
                  name="totp"
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  required
                  maxLength={7}
                  value={totp}
                  onChange={(event) => setTotp(event.currentTarget.value)}
                />
              </>
            )}
            <Button type="submit">
              {t(totpSecret === null ? 'ui.activation-next' : 'ui.activation-finish')}
            </Button>
          </>
        )}
      </Stack>
    </Paper>
  );
}
