import { Text } from '@mantine/core';
import { signRecord, type PortalPackage } from '@sallyport/contracts';
import { ConfirmAct, koreanTime } from '@sallyport/ui';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api.ts';
import { useCertifiedDevice } from '../device/this-device.ts';

/** The recipient's own fact of destruction, signed by this device; nothing else ever stands in for it. */
export function ConfirmDestruction({
  package: package_,
  officerId,
}: {
  package: PortalPackage;
  officerId: string;
}): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { device } = useCertifiedDevice(officerId);
  const { packageId, transfer, destruction } = package_;
  if (destruction.receiptAt !== null) {
    return (
      <Text size="sm" role="status">
        {t('destruction.confirmed', { at: koreanTime(destruction.receiptAt) })}
      </Text>
    );
  }
  if (device === null || !['available', 'destroyed'].includes(transfer.state)) return null;
  return (
    <div>
      <ConfirmAct
        color="red"
        label={t('destruction.confirm')}
        sentence={t('destruction.sentence', { id: packageId.slice(0, 8) })}
        onConfirm={async () => {
          const { deviceId } = device.keys;
          const jws = await signRecord(
            'destruction-receipt',
            { packageId, deviceId, at: new Date().toISOString() },
            { privateKey: device.keys.signing.privateKey, certificate: device.signCertificate },
          );
          await api.send('POST', '/v1/receipts', { jws });
          await queries.invalidateQueries({ queryKey: ['route'] });
        }}
      />
    </div>
  );
}
