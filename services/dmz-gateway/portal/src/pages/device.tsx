import { Alert, Button, Code, Loader, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import type { PortalDevice, PortalDeviceState, PortalSite } from '@sallyport/contracts';
import { DataTable, koreanTime, ProblemAlert } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../api.ts';
import {
  enrolThisDevice,
  fingerprintOf,
  useThisDevice,
  type ThisDevice,
} from '../device/this-device.ts';
import { useSession } from '../session.ts';

const ENDED: readonly PortalDeviceState[] = ['refused', 'revoked'];

/** This computer becomes a device: keys, challenge, fingerprint, certificate; every step survives a reload. */
export function DevicePage(): ReactNode {
  const { t } = useTranslation();
  const { session } = useSession();
  const officerId = session?.account.officer?.officerId ?? '';
  const { device, devices, loading, problem, changed } = useThisDevice(officerId);
  const record = device?.record ?? null;
  const site = useRoute<PortalSite>('/v1/site', 60_000).value;
  const others = devices.filter(({ deviceId }) => deviceId !== device?.keys.deviceId);
  return (
    <Stack maw={760}>
      <Title order={1} size="h2">
        {t('nav.device')}
      </Title>
      <Text size="sm">{t('device.hint')}</Text>
      <ProblemAlert problem={problem} />
      {loading || site === null ? (
        <Loader aria-label={t('ui.busy')} />
      ) : (
        <>
          {device !== null && record !== null && <Progress device={device} record={record} />}
          {(record === null || ENDED.includes(record.state)) && (
            <EnrolForm
              onEnrol={async (label) => {
                await enrolThisDevice(site, officerId, label, record);
                await changed();
              }}
            />
          )}
        </>
      )}
      {others.length > 0 && (
        <DataTable<PortalDevice>
          caption={t('device.others')}
          rows={others}
          rowKey={(row) => row.deviceId}
          empty=""
          columns={[
            { label: t('device.label'), cell: (row) => row.label },
            { label: t('device.state'), cell: (row) => t(`device.${row.state}`) },
            { label: t('device.fingerprint-short'), cell: (row) => <Code>{row.fingerprint}</Code> },
            { label: t('device.since'), cell: (row) => koreanTime(row.createdAt) },
          ]}
        />
      )}
      <Text size="sm">
        {t('device.recipient-number')} <Code>{officerId}</Code>
      </Text>
    </Stack>
  );
}

function EnrolForm({ onEnrol }: { onEnrol: (label: string) => Promise<void> }): ReactNode {
  const { t } = useTranslation();
  const [label, setLabel] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await onEnrol(label.trim());
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack component="form" onSubmit={(event: SyntheticEvent) => void submit(event)}>
      <TextInput
        label={t('device.label')}
        description={t('device.label-hint')}
        name="label"
        required
        maxLength={80}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <ProblemAlert problem={problem} />
      <div>
        <Button type="submit" loading={busy} disabled={label.trim() === ''}>
          {t('device.enrol')}
        </Button>
      </div>
    </Stack>
  );
}

function Progress({ device, record }: { device: ThisDevice; record: PortalDevice }): ReactNode {
  const { t } = useTranslation();
  const { state } = record;
  const own = useQuery({
    queryKey: ['fingerprint', record.deviceId],
    queryFn: () => fingerprintOf(device.keys),
  });
  const ended = ENDED.includes(state);
  return (
    <Paper withBorder p="md" component="section" aria-label={record.label}>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {record.label}: {t(`device.${state}`)}
        </Title>
        <Alert color={ended ? 'red' : state === 'confirmed' ? 'green' : 'krds'} role="status">
          {t(`device.${state}-hint`)}
        </Alert>
        {!ended && (
          <>
            <Text size="sm">{t('device.fingerprint')}</Text>
            {/* Computed from the keys in this browser, so that a lying server cannot choose it. */}
            <Code block className="fingerprint">
              {own.data ?? '…'}
            </Code>
          </>
        )}
      </Stack>
    </Paper>
  );
}
