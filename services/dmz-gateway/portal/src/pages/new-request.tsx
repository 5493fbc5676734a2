import { Alert, Anchor, Loader, Stack, Text, Title } from '@mantine/core';
import type { PortalCameras, PortalPolicy, PortalRequests, PortalSite } from '@sallyport/contracts';
import { ProblemAlert } from '@sallyport/ui';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../api.ts';
import { useOpenedRequests } from '../device/open-copy.ts';
import { useCertifiedDevice } from '../device/this-device.ts';
import { RequestForm } from '../parts/request-form.tsx';
import { rangeKey } from '../request/check-draft.ts';
import { sendRequest } from '../request/send-request.ts';
import { useSession } from '../session.ts';

const ENDED = ['rejected', 'cancelled', 'expired', 'destroyed', 'destruction-confirmed', 'closed'];

/** A new request: what must be there before the form makes sense, then the form. */
export function NewRequestPage(): ReactNode {
  const { t } = useTranslation();
  const { session } = useSession();
  const officer = session?.account.officer ?? null;
  if (officer === null) return null;
  return (
    <Stack maw={760}>
      <Title order={1} size="h2">
        {t('nav.new-request')}
      </Title>
      {officer.status === 'confirmed' ? (
        <Form officerId={officer.officerId} />
      ) : (
        <Alert color="orange" title={t(`officer.${officer.status}`)}>
          {t(`officer.${officer.status}-hint`)}
        </Alert>
      )}
    </Stack>
  );
}

function Form({ officerId }: { officerId: string }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { device, loading } = useCertifiedDevice(officerId);
  const site = useRoute<PortalSite>('/v1/site', 60_000).value;
  const cameras = useRoute<PortalCameras>('/v1/directory/cameras', 30_000);
  const policy = useRoute<PortalPolicy>('/v1/directory/policy', 30_000).value;
  const requests = useRoute<PortalRequests>('/v1/requests', 30_000).value?.requests ?? [];
  const alive = requests.filter(({ state }) => !ENDED.includes(state));
  const opened = useOpenedRequests(alive, device);
  const alreadyRequested = new Set(
    [...opened.values()].flatMap(({ items }) =>
      items.map((item) => rangeKey(item.cameraId, item.startsAt, item.endsAt)),
    ),
  );
  if (loading || site === null || policy === null || cameras.value === null) {
    return (
      <>
        <ProblemAlert problem={cameras.problem} />
        <Loader aria-label={t('ui.busy')} />
      </>
    );
  }
  if (device === null) {
    return (
      <Alert color="orange" title={t('home.no-device')}>
        <Text size="sm">{t('home.no-device-hint')}</Text>
        <Anchor component={Link} to="/device">
          {t('nav.device')}
        </Anchor>
      </Alert>
    );
  }
  if (policy.policy === null) return <Alert color="orange">{t('new.no-policy')}</Alert>;
  const facts = { policy: policy.policy, cameras: cameras.value.cameras, alreadyRequested };
  return (
    <RequestForm
      facts={facts}
      onSend={async (draft) => {
        const form = { draft, policy: facts.policy, site, officerId };
        const { requestId } = await sendRequest(form, device, new Date());
        await navigate({ to: `/requests/${requestId}` });
      }}
    />
  );
}
