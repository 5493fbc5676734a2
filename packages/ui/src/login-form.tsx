import { Button, Paper, Stack, TextInput, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PasswordField } from './password-field.tsx';
import { ProblemAlert } from './problem-alert.tsx';

/** What the form hands over; the digits come without spaces. */
export interface LoginValues {
  readonly login: string;
  readonly password: string;
  readonly totp: string;
}

/** Name, password, second factor. `onLogin` rejects with the service's problem, which is shown. */
export function LoginForm({
  title,
  onLogin,
  children,
}: {
  title: string;
  onLogin: (values: LoginValues) => Promise<void>;
  children?: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const [values, setValues] = useState<LoginValues>({ login: '', password: '', totp: '' });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const change = (name: keyof LoginValues) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setValues((before) => ({ ...before, [name]: value }));
  };
  const submit = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await onLogin({
        ...values,
        login: values.login.trim(),
        totp: values.totp.replaceAll(' ', ''),
      });
    } catch (error) {
      setProblem(error);
      setValues((before) => ({ ...before, totp: '' }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Paper withBorder p="xl" maw={420} mx="auto" mt="xl">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <Title order={1} size="h2">
            {title}
          </Title>
          <ProblemAlert problem={problem} />
          <TextInput
            label={t('ui.login-name')}
            name="login"
            autoComplete="username"
            required
            value={values.login}
            onChange={change('login')}
          />
          <PasswordField
            label={t('ui.password')}
            name="password"
            autoComplete="current-password"
            required
            value={values.password}
            onChange={change('password')}
          />
          <TextInput
            label={t('ui.totp')}
            description={t('ui.totp-hint')}
            name="totp"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            maxLength={7}
            value={values.totp}
            onChange={change('totp')}
          />
          <Button type="submit" loading={busy}>
            {t('ui.login')}
          </Button>
          {children}
        </Stack>
      </form>
    </Paper>
  );
}
