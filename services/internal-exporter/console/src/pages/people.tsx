import { Code, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import {
  REVOCATION_REASONS,
  type ConsoleEnrolment,
  type ConsoleEnrolments,
  type ConsoleOfficer,
  type ConsoleOfficers,
} from '@sallyport/contracts';
import { ConfirmAct, DataTable, koreanTime, ProblemAlert } from '@sallyport/ui';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';
import { HiddenFingerprint } from '../parts/hidden-fingerprint.tsx';

/** Officers who signed up, and their devices: confirm after comparing, or refuse. */
export function PeoplePage(): ReactNode {
  const { t } = useTranslation();
  const officers = useRoute<ConsoleOfficers>('/v1/officers');
  const enrolments = useRoute<ConsoleEnrolments>('/v1/enrolments');
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.people')}
      </Title>
      <ProblemAlert problem={officers.problem} />
      <DataTable<ConsoleOfficer>
        caption={t('people.officers')}
        rows={officers.value?.officers ?? []}
        rowKey={(row) => row.officerId}
        empty={t('people.officers-empty')}
        columns={[
          { label: t('people.name'), cell: (row) => `${row.name} ${row.rank}` },
          {
            label: t('people.station'),
            cell: (row) => `${row.stationName ?? '–'} ${row.department}`,
          },
          {
            label: t('people.staff-number'),
            cell: (row) =>
              `${row.staffNumber}${row.sameStaffNumber ? ` (${t('people.same-number')})` : ''}`,
          },
          { label: t('people.contact'), cell: (row) => `${row.phone} ${row.email}` },
          { label: t('people.since'), cell: (row) => koreanTime(row.signedUpAt) },
          { label: t('request.state'), cell: (row) => t(`officer.${row.state}`) },
          {
            label: t('people.decide'),
            cell: (row) => <OfficerActs officer={row} changed={officers.changed} />,
          },
        ]}
      />
      <Title order={2} size="h3">
        {t('people.devices')}
      </Title>
      <Text size="sm">{t('people.devices-hint')}</Text>
      <DataTable<ConsoleEnrolment>
        caption={t('people.devices')}
        rows={enrolments.value?.enrolments ?? []}
        rowKey={(row) => row.deviceId}
        empty={t('people.devices-empty')}
        columns={[
          {
            label: t('people.name'),
            cell: (row) => `${row.officerName} (${row.stationName ?? '–'})`,
          },
          { label: t('people.device'), cell: (row) => row.label },
          { label: t('people.fingerprint'), cell: fingerprintOf },
          { label: t('people.since'), cell: (row) => koreanTime(row.receivedAt) },
          { label: t('request.state'), cell: (row) => t(`device.${row.state}`) },
          {
            label: t('people.decide'),
            cell: (row) => <DeviceActs device={row} changed={enrolments.changed} />,
          },
        ]}
      />
    </Stack>
  );
}

/** Before it is confirmed it stays hidden, so that it is typed as heard and not copied. */
function fingerprintOf(device: ConsoleEnrolment): ReactNode {
  const isCompared = device.state === 'confirmed' || device.state === 'revoked';
  return isCompared ? <Code>{device.fingerprint}</Code> : <HiddenFingerprint />;
}

function OfficerActs({
  officer,
  changed,
}: {
  officer: ConsoleOfficer;
  changed: () => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  if (officer.state !== 'pending') return null;
  const decide = (decision: 'confirm' | 'refuse') => async () => {
    await api.send('POST', `/v1/officers/${officer.officerId}/${decision}`);
    await changed();
  };
  return (
    <Group gap="xs">
      <ConfirmAct
        label={t('people.confirm')}
        sentence={t('people.confirm-sentence', { name: officer.name })}
        onConfirm={decide('confirm')}
      />
      <ConfirmAct
        color="red"
        label={t('people.refuse')}
        sentence={t('people.refuse-sentence', { name: officer.name })}
        onConfirm={decide('refuse')}
      />
    </Group>
  );
}

function DeviceActs({
  device,
  changed,
}: {
  device: ConsoleEnrolment;
  changed: () => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  const [fingerprint, setFingerprint] = useState('');
  const act = async (path: string, body?: unknown): Promise<void> => {
    await api.send('POST', path, body);
    await changed();
  };
  if (device.state === 'confirmed') {
    return (
      <ConfirmAct
        color="red"
        label={t('people.revoke')}
        sentence={t('people.revoke-sentence', { name: device.officerName, label: device.label })}
        onConfirm={() =>
          act(`/v1/devices/${device.deviceId}/revoke`, { reason: REVOCATION_REASONS[0] })
        }
      />
    );
  }
  if (device.state !== 'proved') return null;
  return (
    <Group gap="xs">
      <ConfirmAct
        label={t('people.confirm')}
        sentence={t('people.device-sentence', { name: device.officerName })}
        onConfirm={() => act(`/v1/enrolments/${device.deviceId}/confirm`, { fingerprint })}
      >
        <TextInput
          label={t('people.fingerprint-typed')}
          description={t('people.fingerprint-hint')}
          required
          value={fingerprint}
          onChange={(event) => setFingerprint(event.currentTarget.value)}
        />
      </ConfirmAct>
      <ConfirmAct
        color="red"
        label={t('people.refuse')}
        sentence={t('people.refuse-device-sentence', { name: device.officerName })}
        onConfirm={() => act(`/v1/enrolments/${device.deviceId}/refuse`)}
      />
    </Group>
  );
}
