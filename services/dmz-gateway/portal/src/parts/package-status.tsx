import { Anchor, Progress, Stack, Text } from '@mantine/core';
import type { PortalPackage } from '@sallyport/contracts';
import { Facts, FailureText, koreanTime } from '@sallyport/ui';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDestruction } from './confirm-destruction.tsx';

/** One package: how much of it is here, what may be done with it, and the three facts of its end. */
export function PackageStatus({
  package: package_,
  officerId,
  place,
}: {
  package: PortalPackage;
  officerId: string;
  /** `request`: in a request; `other`: in a request whose recipient is somebody else; `play`: under its player. */
  place: 'request' | 'other' | 'play';
}): ReactNode {
  const { t } = useTranslation();
  const { transfer, licence, destruction, packageId } = package_;
  const missing = transfer.missing.map(({ from, to }) => (from === to ? from : `${from}–${to}`));
  const percent =
    transfer.partCount === 0 ? 0 : (100 * transfer.partsReceived) / transfer.partCount;
  return (
    <Stack gap="xs">
      <Facts
        facts={[
          [
            t('transfer.title'),
            <>
              {t(`transfer.${transfer.state}`)} ·{' '}
              {t('transfer.parts', { received: transfer.partsReceived, total: transfer.partCount })}
              {missing.length > 0 && ` · ${t('transfer.missing', { parts: missing.join(', ') })}`}
            </>,
          ],
          [
            t('transfer.times'),
            t('transfer.times-value', {
              first: koreanTime(transfer.firstPartAt),
              whole: koreanTime(transfer.wholeAt),
              admitted: koreanTime(transfer.admittedAt),
            }),
          ],
          [
            t('licence.title'),
            <>
              {t(`licence.${licence.state}`)}
              {licence.notAfter !== null &&
                ` · ${t('licence.period', { from: koreanTime(licence.notBefore), to: koreanTime(licence.notAfter) })}`}
              {licence.state !== 'none' &&
                ` · ${licence.playsLeft === null ? t('licence.unlimited') : t('licence.plays-left', { plays: licence.playsLeft })}`}
            </>,
          ],
          [
            t('destruction.title'),
            t('destruction.facts', {
              key: koreanTime(destruction.keyDestroyedAt),
              file: koreanTime(destruction.fileDestroyedAt),
              receipt: koreanTime(destruction.receiptAt),
            }),
          ],
        ]}
      />
      {transfer.state === 'receiving' && (
        <Progress value={percent} aria-label={t('transfer.title')} />
      )}
      <FailureText code={transfer.failure} />
      {place === 'request' && transfer.state === 'available' && destruction.receiptAt === null && (
        <Anchor component={Link} to={`/packages/${packageId}`} fw={700}>
          {t('package.open')}
        </Anchor>
      )}
      {place === 'other' ? (
        <Text size="sm">{t('package.other-recipient')}</Text>
      ) : (
        <ConfirmDestruction package={package_} officerId={officerId} />
      )}
    </Stack>
  );
}
