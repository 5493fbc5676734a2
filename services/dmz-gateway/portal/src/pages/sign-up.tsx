import {
  Alert,
  Anchor,
  Button,
  Code,
  Paper,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import {
  canonicalBytes,
  OfficerPersonal,
  parse,
  wrapFor,
  type PortalSignUpReply,
  type PortalSite,
  type PortalStations,
} from '@sallyport/contracts';
import { PasswordField, ProblemAlert } from '@sallyport/ui';
import { Link } from '@tanstack/react-router';
import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';
import { randomId } from '../random-id.ts';

const PERSONAL = {
  name: { maxLength: 60, autoComplete: 'name' },
  rank: { maxLength: 40, autoComplete: 'honorific-prefix' },
  department: { maxLength: 80, autoComplete: 'organization' },
  staffNumber: { maxLength: 40, autoComplete: 'off' },
  phone: { maxLength: 40, autoComplete: 'tel' },
  email: { maxLength: 120, autoComplete: 'email' },
} as const;
const EMPTY: OfficerPersonal = {
  name: '',
  rank: '',
  department: '',
  staffNumber: '',
  phone: '',
  email: '',
};

/** An officer asks for an account. Who they are is sealed here, for the control centre only. */
export function SignUpPage(): ReactNode {
  const { t } = useTranslation();
  const [reply, setReply] = useState<PortalSignUpReply | null>(null);
  return (
    <Paper withBorder p={{ base: 'md', xs: 'xl' }} maw={560} mx="auto">
      {reply === null ? (
        <SignUpForm onDone={setReply} />
      ) : (
        <Stack>
          <Title order={1} size="h2">
            {t('sign-up.done')}
          </Title>
          <Text role="status">{t('sign-up.done-hint')}</Text>
          <div>
            <Text fw={700}>{t('sign-up.your-login')}</Text>
            <Code block fz="lg">
              {reply.login}
            </Code>
          </div>
          <div>
            <Text fw={700}>{t('sign-up.your-totp')}</Text>
            <Code block fz="lg">
              {reply.totpSecret.match(/.{1,4}/g)?.join(' ')}
            </Code>
            <Text size="sm">{t('ui.totp-secret-hint')}</Text>
          </div>
          <Anchor component={Link} to="/">
            {t('sign-up.to-login')}
          </Anchor>
        </Stack>
      )}
    </Paper>
  );
}

function SignUpForm({ onDone }: { onDone: (reply: PortalSignUpReply) => void }): ReactNode {
  const { t } = useTranslation();
  const site = useRoute<PortalSite>('/v1/site', 60_000);
  const stations = useRoute<PortalStations>('/v1/directory/stations', 30_000);
  const [wishedLogin, setWishedLogin] = useState('');
  const [password, setPassword] = useState('');
  const [stationId, setStationId] = useState<string | null>(null);
  const [person, setPerson] = useState(EMPTY);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const choices = stations.value?.stations ?? [];

  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (site.value === null || stationId === null) return;
    setBusy(true);
    setProblem(null);
    try {
      const account = { wishedLogin: wishedLogin.trim(), password, stationId };
      onDone(await signUp(site.value, account, person));
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Stack component="form" onSubmit={(event: SyntheticEvent) => void submit(event)}>
      <Title order={1} size="h2">
        {t('sign-up.title')}
      </Title>
      <Text size="sm">{t('sign-up.sealed-hint')}</Text>
      <ProblemAlert problem={problem ?? site.problem ?? stations.problem} />
      {stations.value !== null && choices.length === 0 && (
        <Alert color="orange">{t('sign-up.no-stations')}</Alert>
      )}
      <Select
        label={t('sign-up.station')}
        name="station"
        required
        searchable
        data={choices.map((station) => ({ value: station.stationId, label: station.name }))}
        value={stationId}
        onChange={setStationId}
        nothingFoundMessage={t('sign-up.no-match')}
      />
      {(Object.keys(PERSONAL) as (keyof OfficerPersonal)[]).map((field) => (
        <TextInput
          key={field}
          label={t(`person.${field}`)}
          name={field}
          required
          {...PERSONAL[field]}
          value={person[field]}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setPerson((before) => ({ ...before, [field]: value }));
          }}
        />
      ))}
      <TextInput
        label={t('sign-up.login')}
        description={t('sign-up.login-hint')}
        name="login"
        required
        pattern="[a-z0-9][a-z0-9._\-]{1,30}"
        autoComplete="username"
        value={wishedLogin}
        onChange={(event) => setWishedLogin(event.currentTarget.value)}
      />
      <PasswordField
        label={t('ui.new-password')}
        description={t('ui.new-password-hint')}
        name="password"
        required
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy} disabled={site.value === null || stationId === null}>
        {t('sign-up.submit')}
      </Button>
      <Anchor component={Link} to="/" size="sm">
        {t('sign-up.to-login')}
      </Anchor>
    </Stack>
  );
}

async function signUp(
  site: PortalSite,
  account: { wishedLogin: string; password: string; stationId: string },
  person: OfficerPersonal,
): Promise<PortalSignUpReply> {
  const officerId = randomId();
  const { jwk, keyId } = site.intakeKey;
  const trimmed = Object.fromEntries(
    Object.entries(person).map(([field, value]) => [field, value.trim()]),
  );
  const sealed = await wrapFor(jwk, canonicalBytes(parse(OfficerPersonal, trimmed)), {
    purpose: 'personal',
    context: officerId,
    keyId,
  });
  return api.send('POST', '/v1/sign-up', { officerId, ...account, sealed });
}
