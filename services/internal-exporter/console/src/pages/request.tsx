import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import type {
  ConsoleApproverKeys,
  ConsoleExportRow,
  ConsoleRequest,
  RequestApprovalDraft,
} from '@sallyport/contracts';
import {
  ConfirmAct,
  DataTable,
  Facts,
  koreanTime,
  ProblemAlert,
  stateName,
  StepBar,
} from '@sallyport/ui';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useRoute } from '../api.ts';
import { findOwnCertificate, signDraft } from '../keys/approver-key.ts';
import { useSession } from '../session.ts';

/** One request: what is asked, by whom, where it stands, and the approver's two buttons. */
export function RequestPage(): ReactNode {
  const { t } = useTranslation();
  const { requestId } = useParams({ from: '/requests/$requestId' });
  const { session } = useSession();
  const {
    value: request,
    problem,
    changed,
  } = useRoute<ConsoleRequest>(`/v1/requests/${requestId}`);
  if (request === null || session === null) return <ProblemAlert problem={problem} />;
  const deciding = session.account.role === 'approver' && request.state === 'under-review';
  const sentence = t('request.approve-sentence', {
    name: request.recipientName ?? '–',
    count: request.itemCount,
  });
  return (
    <Stack>
      <Title order={1} size="h2">
        {request.receiptNumber} · {stateName(request.state)}
      </Title>
      <StepBar state={request.state} />
      {request.failure !== null && <Text c="red">{request.failure}</Text>}
      {request.rejection !== null && (
        <Text>{t('request.rejection', { reason: request.rejection })}</Text>
      )}
      <RequestFacts request={request} />
      {deciding && (
        <Group align="flex-start">
          <ConfirmAct
            label={t('request.approve')}
            sentence={sentence}
            onConfirm={async () => {
              await approve(session.account.accountId, requestId, t('approver-key.none'));
              await changed();
            }}
          />
          <ConfirmAct
            color="red"
            label={t('request.reject')}
            sentence={t('request.reject-sentence', { name: request.requesterName })}
            withReason
            onConfirm={async (reason) => {
              await api.send('POST', `/v1/requests/${requestId}/reject`, { reason });
              await changed();
            }}
          />
        </Group>
      )}
      <Title order={2} size="h4">
        {t('request.exports')}
      </Title>
      <DataTable<ConsoleExportRow>
        caption={t('request.exports')}
        rows={request.exports}
        rowKey={(row) => row.exportId}
        empty={t('request.exports-empty')}
        columns={[
          {
            label: t('request.camera'),
            cell: (row) => (
              <Anchor component={Link} to={`/exports/${row.exportId}`}>
                {row.cameraName}
              </Anchor>
            ),
          },
          {
            label: t('request.range'),
            cell: (row) => `${koreanTime(row.startsAt)} – ${koreanTime(row.endsAt)}`,
          },
          {
            label: t('request.state'),
            cell: (row) =>
              `${stateName(row.state)} ${row.percent > 0 ? `${row.percent} %` : ''} ${row.failure ?? ''}`,
          },
        ]}
      />
      <Title order={2} size="h4">
        {t('request.history')}
      </Title>
      <Facts
        facts={request.history.map((entry) => [
          koreanTime(entry.at),
          `${stateName(entry.state)}${entry.by === null ? '' : ` · ${entry.by}`}`,
        ])}
      />
    </Stack>
  );
}

function RequestFacts({ request }: { request: ConsoleRequest }): ReactNode {
  const { t } = useTranslation();
  const { details } = request;
  if (details === null) return <Text>{t('request.sealed')}</Text>;
  return (
    <Facts
      facts={[
        [t('request.requester'), `${request.requesterName} (${request.stationName ?? '–'})`],
        [t('request.recipient'), request.recipientName ?? '–'],
        [t('request.case'), `${details.caseNumber} · ${details.caseName}`],
        [t('request.incident'), `${koreanTime(details.incidentAt)} · ${details.incidentAddress}`],
        [
          t('request.legal-basis'),
          `${t(`legal.${details.legalBasis}`)} ${details.legalArticle ?? ''}`,
        ],
        [t('request.reason'), `${t(`reason.${details.reasonCode}`)}: ${details.reasonDetail}`],
        [t('request.document'), details.documentNumber ?? '–'],
        [
          t('request.masking'),
          details.maskTargets.map((target) => t(`target.${target}`)).join(', '),
        ],
        [
          t('request.period'),
          t('request.period-value', {
            days: details.playPeriodDays,
            plays: details.plays === 0 ? '∞' : details.plays,
          }),
        ],
        [t('request.third-party'), t(details.thirdParty ? 'yes' : 'no')],
        [
          t('request.items'),
          details.items.map((item, index) => (
            <Text key={item.itemId} size="sm">
              {request.cameraNames[index]}: {koreanTime(item.startsAt)} – {koreanTime(item.endsAt)}
            </Text>
          )),
        ],
        [
          t('request.warnings'),
          request.warnings.map((warning) => t(`warning.${warning}`)).join(', ') || '–',
        ],
      ]}
    />
  );
}

async function approve(accountId: string, requestId: string, noKey: string): Promise<void> {
  const draft = await api.get<RequestApprovalDraft>(`/v1/requests/${requestId}/approval-draft`);
  const jws = await signDraft(accountId, await ownCertificate(accountId, noKey), draft);
  await api.send('POST', `/v1/requests/${requestId}/approvals`, { jws });
}

/** @throws Error with `noKey` when no certified key of this account lives in this browser */
export async function ownCertificate(accountId: string, noKey: string): Promise<string> {
  const { keys } = await api.get<ConsoleApproverKeys>('/v1/approver-keys');
  const certified = keys.filter((key) => key.accountId === accountId && key.state === 'certified');
  const certificates = certified.flatMap(({ certificate }) => certificate ?? []);
  const own = await findOwnCertificate(accountId, certificates);
  if (own === null) throw new Error(noKey);
  return own;
}
