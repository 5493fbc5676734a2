import { Alert, Anchor, Loader, Stack, Text, Title } from '@mantine/core';
import type { PortalPackage, PortalRecordBody, PortalSite } from '@sallyport/contracts';
import { FailureText, ProblemAlert } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';
import { sealedDevices } from '../device/read-header.ts';
import { useCertifiedDevice } from '../device/this-device.ts';
import { PackageStatus } from '../parts/package-status.tsx';
import { Player } from '../parts/player.tsx';
import { useSession } from '../session.ts';

/** One package: play it on this device, or say what to do instead; then confirm its destruction. */
export function PlayPage(): ReactNode {
  const { t } = useTranslation();
  const { packageId } = useParams({ from: '/packages/$packageId' });
  const { session } = useSession();
  const officerId = session?.account.officer?.officerId ?? '';
  const { value: package_, problem } = useRoute<PortalPackage>(`/v1/packages/${packageId}`);
  if (package_ === null) {
    return (
      <>
        <ProblemAlert problem={problem} />
        {problem === null && <Loader aria-label={t('ui.busy')} />}
      </>
    );
  }
  return (
    <Stack>
      {package_.requestId !== null && (
        <Anchor component={Link} to={`/requests/${package_.requestId}`} size="sm">
          {t('play.back')}
        </Anchor>
      )}
      <Title order={1} size="h2">
        {t('play.title')}
      </Title>
      <Screen package={package_} officerId={officerId} />
      <PackageStatus package={package_} officerId={officerId} place="play" />
    </Stack>
  );
}

function Screen({
  package: package_,
  officerId,
}: {
  package: PortalPackage;
  officerId: string;
}): ReactNode {
  const { t } = useTranslation();
  const { packageId, transfer, licence } = package_;
  const { device, loading } = useCertifiedDevice(officerId);
  const site = useRoute<PortalSite>('/v1/site', 60_000).value;
  const readable = transfer.state === 'available';
  const header = useQuery({
    queryKey: ['sealed-devices', packageId],
    enabled: readable,
    staleTime: Infinity,
    queryFn: async () =>
      sealedDevices((await api.get<PortalRecordBody>(`/v1/packages/${packageId}/header`)).jws),
  });
  if (!readable) {
    return (
      <Alert color="orange" title={t('play.no-licence')}>
        {t(`transfer.${transfer.state}`)}
        <FailureText code={transfer.failure} />
      </Alert>
    );
  }
  if (header.error !== null) return <ProblemAlert problem={header.error} />;
  if (loading || site === null || header.data === undefined) {
    return <Loader aria-label={t('ui.busy')} />;
  }
  if (device === null || !header.data.includes(device.keys.deviceId)) {
    return (
      <Alert color="orange" title={t(device === null ? 'home.no-device' : 'play.other-device')}>
        <Text size="sm">
          {t(device === null ? 'home.no-device-hint' : 'play.other-device-hint')}
        </Text>
        <Anchor component={Link} to="/device">
          {t('nav.device')}
        </Anchor>
      </Alert>
    );
  }
  // Keyed by the package, so that the picture of one never stands under the name of another.
  return (
    <Player key={packageId} packageId={packageId} device={device} site={site} licence={licence} />
  );
}
