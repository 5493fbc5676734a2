import {
  Alert,
  Anchor,
  Badge,
  Button,
  Group,
  Loader,
  Paper,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import {
  isFinal,
  type PortalPackage,
  type PortalPackages,
  type PortalRequests,
  type PortalRequestSummary,
  type RequestDetails,
  type RequestState,
} from '@sallyport/contracts';
import { FailureText, koreanTime, ProblemAlert, stateName } from '@sallyport/ui';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../api.ts';
import { useOpenedRequests } from '../device/open-copy.ts';
import { useCertifiedDevice, useThisDevice } from '../device/this-device.ts';
import { useSession } from '../session.ts';

/** States in which nothing moves until the officer does something. */
const WAITS_FOR_ME: readonly RequestState[] = [
  'more-info-needed',
  'available',
  'viewing',
  'expired',
  'destroyed',
];
const ENDED: readonly RequestState[] = ['rejected', 'cancelled', 'destruction-confirmed'];

/** An officer's first page: before the confirmation what to wait for, afterwards what waits for them. */
export function HomePage(): ReactNode {
  const { session } = useSession();
  const officer = session?.account.officer ?? null;
  if (officer === null) return null;
  return officer.status === 'confirmed' ? (
    <MyRequests officerId={officer.officerId} />
  ) : (
    <NotConfirmed officerId={officer.officerId} status={officer.status} />
  );
}

function NotConfirmed({ officerId, status }: { officerId: string; status: string }): ReactNode {
  const { t } = useTranslation();
  const { device } = useThisDevice(officerId);
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('nav.home')}
      </Title>
      <Alert color={status === 'waiting' ? 'krds' : 'red'} title={t(`officer.${status}`)}>
        {t(`officer.${status}-hint`)}
      </Alert>
      {status === 'waiting' && device === null && <DeviceHint />}
    </Stack>
  );
}

function DeviceHint(): ReactNode {
  const { t } = useTranslation();
  return (
    <Alert color="orange" title={t('home.no-device')}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('home.no-device-hint')}</Text>
        <Button component={Link} to="/device">
          {t('nav.device')}
        </Button>
      </Stack>
    </Alert>
  );
}

function MyRequests({ officerId }: { officerId: string }): ReactNode {
  const { t } = useTranslation();
  const { value, problem } = useRoute<PortalRequests>('/v1/requests');
  const received = useRoute<PortalPackages>('/v1/packages').value?.packages ?? [];
  const { device, loading } = useCertifiedDevice(officerId);
  const requests = value?.requests ?? [];
  const opened = useOpenedRequests(requests, device);
  const mine = requests.filter(({ state }) => WAITS_FOR_ME.includes(state));
  const ended = requests.filter(({ state }) => ENDED.includes(state) || isFinal(state));
  const running = requests.filter((request) => !mine.includes(request) && !ended.includes(request));
  // Footage of a request that somebody else made for this officer.
  const known = new Set(requests.map(({ requestId }) => requestId));
  const fromOthers = received.filter(
    ({ requestId }) => requestId === null || !known.has(requestId),
  );
  const list = (title: string, rows: readonly PortalRequestSummary[], empty: string) => (
    <section aria-label={title}>
      <Title order={2} size="h4" mb="xs">
        {title} ({rows.length})
      </Title>
      <Stack gap="xs">
        {rows.length === 0 && <Text size="sm">{empty}</Text>}
        {rows.map((row) => (
          <RequestCard key={row.requestId} row={row} details={opened.get(row.requestId) ?? null} />
        ))}
      </Stack>
    </section>
  );
  const whole = !loading && value !== null;
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('nav.home')}
        </Title>
        <Button component={Link} to="/requests/new">
          {t('nav.new-request')}
        </Button>
      </Group>
      <ProblemAlert problem={problem} />
      {!whole && problem === null && <Loader aria-label={t('ui.busy')} />}
      {whole && device === null && <DeviceHint />}
      {whole && list(t('home.mine'), mine, t('home.mine-empty'))}
      {whole && fromOthers.length > 0 && (
        <section aria-label={t('home.received')}>
          <Title order={2} size="h4" mb="xs">
            {t('home.received')} ({fromOthers.length})
          </Title>
          <Stack gap="xs">
            {fromOthers.map((row) => (
              <PackageLine key={row.packageId} row={row} />
            ))}
          </Stack>
        </section>
      )}
      {whole && list(t('home.running'), running, t('home.running-empty'))}
      {whole && list(t('home.ended'), ended, t('home.ended-empty'))}
    </Stack>
  );
}

function RequestCard({
  row,
  details,
}: {
  row: PortalRequestSummary;
  details: RequestDetails | null;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" gap="xs">
        <Anchor component={Link} to={`/requests/${row.requestId}`} fw={700}>
          {details === null ? t('home.sealed') : `${details.caseNumber} · ${details.caseName}`}
        </Anchor>
        <Badge variant="outline" tt="none" size="lg">
          {stateName(row.state)}
        </Badge>
      </Group>
      <Text size="sm">
        {t('request.receipt')}: {row.receiptNumber ?? t('request.receipt-none')} ·{' '}
        {koreanTime(row.submittedAt)}
      </Text>
      <FailureText code={row.failure} />
    </Paper>
  );
}

function PackageLine({ row }: { row: PortalPackage }): ReactNode {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" gap="xs">
        <Anchor component={Link} to={`/packages/${row.packageId}`} fw={700}>
          {t('home.package', { id: row.packageId.slice(0, 8) })}
        </Anchor>
        <Badge variant="outline" tt="none" size="lg">
          {t(`transfer.${row.transfer.state}`)}
        </Badge>
      </Group>
      <Text size="sm">{koreanTime(row.transfer.admittedAt)}</Text>
    </Paper>
  );
}
