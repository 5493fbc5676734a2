import { Text } from '@mantine/core';
import type { PortalCameras, RequestDetails } from '@sallyport/contracts';
import { Facts, koreanTime } from '@sallyport/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What was asked, as this device's own copy of the request says it. */
export function RequestFacts(props: {
  details: RequestDetails;
  cameras: PortalCameras['cameras'];
  officerId: string;
}): ReactNode {
  const { t } = useTranslation();
  const { details, officerId } = props;
  const cameraName = (id: string): string =>
    props.cameras.find(({ cameraId }) => cameraId === id)?.name ?? id.slice(0, 8);
  return (
    <Facts
      facts={[
        [t('new.kind'), t(`kind.${details.kind}`)],
        [t('request.case'), `${details.caseNumber} · ${details.caseName}`],
        [t('request.incident'), `${koreanTime(details.incidentAt)} · ${details.incidentAddress}`],
        [
          t('new.legalBasis'),
          `${t(`legal.${details.legalBasis}`)} ${details.legalArticle ?? ''}`.trim(),
        ],
        [t('new.reasonCode'), `${t(`reason.${details.reasonCode}`)}: ${details.reasonDetail}`],
        [t('new.documentNumber'), details.documentNumber ?? '–'],
        [t('new.maskTargets'), details.maskTargets.map((each) => t(`target.${each}`)).join(', ')],
        [t('new.maskExemption'), details.maskExemption ?? '–'],
        [
          t('new.recipient'),
          details.recipientOfficerId === officerId
            ? t('new.recipient-self')
            : `${t('new.recipient-other')} (${details.recipientOfficerId})`,
        ],
        [
          t('request.terms'),
          t(details.plays === 0 ? 'request.terms-unlimited' : 'request.terms-value', {
            days: details.playPeriodDays,
            plays: details.plays,
          }),
        ],
        [t('new.thirdParty'), t(details.thirdParty ? 'yes' : 'no')],
        [
          t('request.items'),
          details.items.map((item) => (
            <Text key={item.itemId} size="sm">
              {cameraName(item.cameraId)}: {koreanTime(item.startsAt)} – {koreanTime(item.endsAt)}
            </Text>
          )),
        ],
      ]}
    />
  );
}
