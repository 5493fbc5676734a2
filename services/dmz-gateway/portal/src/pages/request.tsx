import { Alert, Anchor, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import type {
  PortalCameras,
  PortalPackages,
  PortalRequest,
  RequestDetails,
} from '@sallyport/contracts';
import { Facts, FailureText, koreanTime, ProblemAlert, StepBar, stateName } from '@sallyport/ui';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute } from '../api.ts';
import { useOpenedNotes, useOpenedRequests } from '../device/open-copy.ts';
import { useCertifiedDevice } from '../device/this-device.ts';
import { PackageStatus } from '../parts/package-status.tsx';
import { RequestFacts } from '../parts/request-facts.tsx';
import { useSession } from '../session.ts';

type Export = PortalRequest['exports'][number];

/** One request: where it stands, every hop with its time, each export with its package. */
export function RequestPage(): ReactNode {
  const { t } = useTranslation();
  const { requestId } = useParams({ from: '/requests/$requestId' });
  const { session } = useSession();
  const officerId = session?.account.officer?.officerId ?? '';
  const { value: request, problem } = useRoute<PortalRequest>(`/v1/requests/${requestId}`);
  const cameras = useRoute<PortalCameras>('/v1/directory/cameras', 30_000).value?.cameras ?? [];
  const received = useRoute<PortalPackages>('/v1/packages').value?.packages ?? [];
  const { device, loading } = useCertifiedDevice(officerId);
  const details = useOpenedRequests(request === null ? [] : [request], device).get(requestId);
  const notes = useOpenedNotes(request, device);
  if (request === null) {
    return (
      <>
        <ProblemAlert problem={problem} />
        {problem === null && <Loader aria-label={t('ui.busy')} />}
      </>
    );
  }
  const failed = request.failure !== null || request.exports.some(isFailed);
  const percent = request.exports.length === 1 ? request.exports[0]?.percent : undefined;
  return (
    <Stack>
      <Anchor component={Link} to="/" size="sm">
        {t('request.back')}
      </Anchor>
      <Title order={1} size="h2">
        {request.receiptNumber ?? t('request.receipt-none')} · {stateName(request.state)}
      </Title>
      <StepBar
        state={request.state}
        failed={failed}
        {...(percent === undefined ? {} : { percent })}
      />
      <FailureText code={request.failure} />
      {notes.map((note) => (
        <Alert key={note} color="orange" title={t('request.note')}>
          {note}
        </Alert>
      ))}
      {request.notes.length > notes.length && <Text size="sm">{t('request.note-sealed')}</Text>}
      {request.exports.map((each, index) => (
        <ExportCard
          key={each.exportId}
          export={each}
          name={t('new.item', { number: index + 1 })}
          place={placeOf(each, details, cameras)}
          officerId={officerId}
          mine={received.some(({ packageId }) => packageId === each.packageId)}
        />
      ))}
      <section aria-label={t('request.details')}>
        <Title order={2} size="h4">
          {t('request.details')}
        </Title>
        {details !== undefined ? (
          <RequestFacts details={details} cameras={cameras} officerId={officerId} />
        ) : (
          !loading && <Text size="sm">{t('request.sealed')}</Text>
        )}
      </section>
      <section aria-label={t('request.hops')}>
        <Title order={2} size="h4">
          {t('request.hops')}
        </Title>
        <Facts
          facts={[
            [t('request.queued'), koreanTime(request.hops.queuedAt)],
            [t('request.sent'), koreanTime(request.hops.sentAt)],
            [t('request.answered'), koreanTime(request.hops.answeredAt)],
            [t('request.valid-until'), koreanTime(request.expiresAt)],
          ]}
        />
      </section>
      <section aria-label={t('request.history')}>
        <Title order={2} size="h4">
          {t('request.history')}
        </Title>
        {request.history.length === 0 && <Text size="sm">{t('request.history-empty')}</Text>}
        <ol className="history">
          {request.history.map(({ state, at }) => (
            <li key={state + at}>
              {koreanTime(at)} · {stateName(state)}
            </li>
          ))}
        </ol>
      </section>
    </Stack>
  );
}

function ExportCard(props: {
  export: Export;
  name: string;
  place: string;
  officerId: string;
  mine: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const { state, progress, percent, failure, package: package_ } = props.export;
  return (
    <Paper withBorder p="sm" component="section" aria-label={props.name}>
      <Title order={2} size="h4">
        {props.name} {props.place}
      </Title>
      <Text size="sm" aria-live="polite">
        {stateName(state)} · {t(`progress.${progress}`)}
        {percent > 0 && percent < 100 ? ` ${percent} %` : ''}
      </Text>
      <FailureText code={failure} />
      {package_ === null ? (
        <Text size="sm">{t('package.none')}</Text>
      ) : (
        <PackageStatus
          package={package_}
          officerId={props.officerId}
          place={props.mine ? 'request' : 'other'}
        />
      )}
    </Paper>
  );
}

function placeOf(
  export_: Export,
  details: RequestDetails | undefined,
  cameras: PortalCameras['cameras'],
): string {
  const item = details?.items.find(({ itemId }) => itemId === export_.itemId);
  if (item === undefined) return '';
  const name = cameras.find(({ cameraId }) => cameraId === item.cameraId)?.name ?? '';
  return `· ${name} · ${koreanTime(item.startsAt)}`;
}

function isFailed({ progress }: Export): boolean {
  return progress === 'failed';
}
