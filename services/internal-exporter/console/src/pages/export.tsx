import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import type { ConsoleExport, ConsolePackage, ReleaseApprovalDraft } from '@sallyport/contracts';
import {
  ActButton,
  ConfirmAct,
  DataTable,
  Facts,
  FailureText,
  koreanTime,
  ProblemAlert,
  stateName,
  StepBar,
} from '@sallyport/ui';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';
import { signDraft } from '../keys/approver-key.ts';
import { FootageChoice } from '../parts/footage-choice.tsx';
import { MaskReview } from '../parts/mask-review.tsx';
import { useSession } from '../session.ts';
import { ownCertificate } from './request.tsx';

/** One export from footage to package: the step that waits for this person is the one with controls. */
export function ExportPage(): ReactNode {
  const { t } = useTranslation();
  const { exportId } = useParams({ from: '/exports/$exportId' });
  const { session } = useSession();
  const {
    value: export_,
    problem,
    changed,
  } = useRoute<ConsoleExport>(`/v1/exports/${exportId}`, 1500);
  if (export_ === null || session === null) return <ProblemAlert problem={problem} />;
  const { role } = session.account;
  const operator = role === 'operator';
  const rendered = export_.clipSha256 !== null;
  return (
    <Stack>
      <Anchor component={Link} to={`/requests/${export_.requestId}`}>
        {t('export.back')}
      </Anchor>
      <Title order={1} size="h2">
        {export_.cameraName} · {stateName(export_.state)}
      </Title>
      <StepBar
        state={export_.state}
        failed={export_.progress === 'failed'}
        percent={export_.percent}
      />
      <Text size="sm" aria-live="polite">
        {t(`progress.${export_.progress}`)} {export_.percent} %
      </Text>
      {export_.progress === 'failed' && (
        <div>
          <FailureText code={export_.failure} />
          <FigureFound detail={export_.failureDetail} />
          {operator && (
            <ActButton
              onAct={async () => {
                await api.send('POST', `/v1/exports/${exportId}/retry`);
                await changed();
              }}
            >
              {t('export.retry')}
            </ActButton>
          )}
        </div>
      )}
      <Facts
        facts={[
          [t('request.range'), `${koreanTime(export_.startsAt)} – ${koreanTime(export_.endsAt)}`],
          [t('export.original'), export_.footageSha256 ?? '–'],
          [
            t('export.style'),
            `${t(`style.${export_.style}`)} · ${export_.targets.map((target) => t(`target.${target}`)).join(', ')}`,
          ],
          [t('export.clip'), export_.clipSha256 ?? '–'],
          [
            t('export.report'),
            rendered ? (
              <Anchor href={`/v1/exports/${exportId}/report`} target="_blank">
                {export_.reportSha256}
              </Anchor>
            ) : (
              '–'
            ),
          ],
          [t('export.watermark'), t('export.watermark-none')],
        ]}
      />
      {operator && (export_.state === 'acquiring' || export_.state === 'footage-missing') && (
        <FootageChoice exportId={exportId} cameraId={export_.cameraId} changed={changed} />
      )}
      {(operator || role === 'approver') &&
        export_.planVersion !== null &&
        export_.previewCount > 0 && (
          <MaskReview
            exportId={exportId}
            editable={operator && isReviewable(export_)}
            changed={changed}
          />
        )}
      {rendered && (operator || role === 'approver') && (
        <section aria-label={t('export.masked-clip')}>
          <Title order={2} size="h4">
            {t('export.masked-clip')}
          </Title>
          {/* The clip has no sound by law, so there is nothing to caption. */}
          <video
            controls
            muted
            preload="metadata"
            src={`/v1/exports/${exportId}/clip`}
            style={{ maxWidth: '100%', maxHeight: 480 }}
          />
        </section>
      )}
      {role === 'approver' && export_.state === 'release-approval' && (
        <Group>
          <ConfirmAct
            label={t('export.release')}
            sentence={t('export.release-sentence', {
              clip: (export_.clipSha256 ?? '').slice(0, 16),
            })}
            onConfirm={async () => {
              await release(session.account.accountId, export_, {
                noKey: t('approver-key.none'),
                changed: t('export.changed'),
              });
              await changed();
            }}
          />
        </Group>
      )}
      <Packages
        packages={export_.packages}
        exportId={exportId}
        operator={operator}
        changed={changed}
      />
    </Stack>
  );
}

function Packages({
  packages,
  exportId,
  operator,
  changed,
}: {
  packages: readonly ConsolePackage[];
  exportId: string;
  operator: boolean;
  changed: () => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  const newest = packages.find(({ state }) => state === 'received' || state === 'sent');
  return (
    <section aria-label={t('export.packages')}>
      <Title order={2} size="h4">
        {t('export.packages')}
      </Title>
      <DataTable<ConsolePackage>
        caption={t('export.packages')}
        rows={packages}
        rowKey={(row) => row.packageId}
        empty={t('export.packages-empty')}
        columns={[
          { label: t('export.package'), cell: (row) => row.packageId.slice(0, 8) },
          {
            label: t('request.state'),
            cell: (row) => `${t(`package.${row.state}`)} ${row.failure ?? ''}`,
          },
          { label: t('export.devices'), cell: (row) => row.deviceCount },
          { label: t('log.sealed'), cell: (row) => koreanTime(row.sealedAt) },
          { label: t('log.sent'), cell: (row) => koreanTime(row.sentAt) },
          { label: t('log.received'), cell: (row) => koreanTime(row.receivedAt) },
          { label: t('export.expires'), cell: (row) => koreanTime(row.expiresAt) },
        ]}
      />
      {operator && newest !== undefined && (
        <ConfirmAct
          label={t('export.reseal')}
          sentence={t('export.reseal-sentence')}
          onConfirm={async () => {
            await api.send('POST', `/v1/exports/${exportId}/reseal`, {
              supersedes: newest.packageId,
            });
            await changed();
          }}
        />
      )}
    </section>
  );
}

/** Signs for the very clip and report on the page: one rendered meanwhile must be looked at first. */
async function release(
  accountId: string,
  { exportId, clipSha256, reportSha256 }: ConsoleExport,
  words: { noKey: string; changed: string },
): Promise<void> {
  const draft = await api.get<ReleaseApprovalDraft>(`/v1/exports/${exportId}/release-draft`);
  const { scope } = draft.scope;
  if (scope.clipSha256 !== clipSha256 || scope.reportSha256 !== reportSha256)
    throw new Error(words.changed);
  const jws = await signDraft(accountId, await ownCertificate(accountId, words.noKey), draft);
  await api.send('POST', `/v1/exports/${exportId}/approvals`, { jws });
}

/** Masks can be changed before they are rendered, and when what was rendered did not pass. */
function isReviewable({ state, progress }: ConsoleExport): boolean {
  return state === 'mask-review' || (state === 'watermarking' && progress === 'failed');
}

/** Where the search of the finished clip found a figure that no mask covers. */
function FigureFound({ detail }: { detail: ConsoleExport['failureDetail'] }): ReactNode {
  const { t } = useTranslation();
  const { kind, atMs, x, y, width, height } = detail ?? {};
  const whole = (pixels: unknown) => Math.round(Number(pixels));
  if (typeof atMs !== 'number' || typeof kind !== 'string') return null;
  return (
    <Text size="sm">
      {t('export.figure-found', {
        ...{ kind: t(`target.${kind}`), seconds: (atMs / 1000).toFixed(1) },
        ...{ x: whole(x), y: whole(y), width: whole(width), height: whole(height) },
      })}
    </Text>
  );
}
