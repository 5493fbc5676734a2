import {
  Anchor,
  Button,
  Code,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import type { ActivationReply } from '@sallyport/contracts';
import { ProblemAlert } from '@sallyport/ui';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api.ts';

/** One-time code → password → authenticator → ready to log in. */
export function ActivationPage(): ReactNode {
  const { t } = useTranslation();
  const [login, setLogin] = useState('');
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [reply, setReply] = useState<ActivationReply | null>(null);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    try {
      if (reply === null) {
        setReply(
          await api.send<ActivationReply>('POST', '/v1/activation', {
            login: login.trim(),
            code: code.trim(),
            password,
          }),
        );
      } else {
        await api.send('POST', '/v1/activation/confirm', {
          login: login.trim(),
          code: code.trim(),
          totp: totp.trim(),
        });
        setDone(true);
      }
    } catch (error) {
      setProblem(error);
    }
  };

  return (
    <Paper withBorder p="xl" maw={480} mx="auto" mt="xl">
      <Stack component="form" onSubmit={(event: FormEvent) => void submit(event)}>
        <Title order={1} size="h2">
          {t('activation.title')}
        </Title>
        <ProblemAlert problem={problem} />
        {done ? (
          <>
            <Text role="status">{t('activation.done')}</Text>
            <Anchor component={Link} to="/">
              {t('ui.login')}
            </Anchor>
          </>
        ) : (
          <>
            <TextInput
              label={t('ui.login-name')}
              required
              value={login}
              disabled={reply !== null}
              onChange={(event) => setLogin(event.currentTarget.value)}
            />
            <TextInput
              label={t('activation.code')}
              description={t('activation.code-hint')}
              required
              value={code}
              disabled={reply !== null}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            {reply === null ? (
              <PasswordInput
                label={t('activation.password')}
                description={t('activation.password-hint')}
                autoComplete="new-password"
                required
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
            ) : (
              <>
                <Text size="sm">{t('activation.totp')}</Text>
                <Code block>{reply.totpSecret}</Code>
                <TextInput
                  label={t('ui.totp')}
                  inputMode="numeric"
                  required
                  value={totp}
                  onChange={(event) => setTotp(event.currentTarget.value)}
                />
              </>
            )}
            <Button type="submit">
              {t(reply === null ? 'activation.next' : 'activation.finish')}
            </Button>
          </>
        )}
      </Stack>
    </Paper>
  );
}
