import {
  SallyportError,
  peekKind,
  verifyRecord,
  type CertificateIdentity,
  type DestructionReceipt,
  type PlaybackReceipt,
} from '@sallyport/contracts';
import { assertOwnDevice } from '../domain/request-rules.ts';
import type { Database, Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';
import { jwsDigest, queueSigned } from '../store/outbound.ts';
import { getAnchor } from '../store/trust.ts';

/**
 * Takes a device's receipt for one of the officer's own packages and passes it inward. The same
 * receipt again changes nothing.
 *
 * @throws SallyportError ERR_RECORD_*, ERR_CERTIFICATE_*, ERR_DEVICE_FOREIGN, ERR_RECEIPT_MISMATCH,
 * ERR_PACKAGE_UNKNOWN
 */
export async function takeReceipt(
  db: Database,
  caller: { readonly officerId: string; readonly jws: string },
  now: Date,
): Promise<void> {
  const { jws, officerId } = caller;
  const receipt = await openReceipt(db, jws, now);
  const { payload, signer, kind } = receipt;
  assertOwnDevice(payload, signer, officerId);
  const row = await db.package.findUnique({ where: { id: payload.packageId } });
  if (row === null || row.recipientOfficerId !== officerId) {
    throw new SallyportError('ERR_PACKAGE_UNKNOWN');
  }
  if (kind === 'playback-receipt') await assertLicence(db, payload);
  const { packageId, deviceId } = payload;
  await db.$transaction(async (tx) => {
    const data = [{ jwsSha256: jwsDigest(jws), kind, packageId, deviceId, at: now }];
    const { count } = await tx.receipt.createMany({ data, skipDuplicates: true });
    if (count === 0) return;
    await queueSigned(tx, kind, jws, { now });
    await write(tx, receipt, officerId, now);
  });
}

type Receipt =
  | {
      readonly kind: 'playback-receipt';
      readonly payload: PlaybackReceipt;
      readonly signer: CertificateIdentity;
    }
  | {
      readonly kind: 'destruction-receipt';
      readonly payload: DestructionReceipt;
      readonly signer: CertificateIdentity;
    };

async function openReceipt(db: Database, jws: string, now: Date): Promise<Receipt> {
  const options = { trust: await getAnchor(db), roles: ['device-sign'] as const, now };
  const kind = peekKind(jws);
  if (kind === 'playback-receipt') return verifyRecord(kind, jws, options);
  if (kind === 'destruction-receipt') return verifyRecord(kind, jws, options);
  throw new SallyportError('ERR_RECORD_UNEXPECTED', { detail: { kind } });
}

/** Playback needs a licence that was issued to this device for this package. */
async function assertLicence(db: Database, receipt: PlaybackReceipt): Promise<void> {
  const { licenceId, packageId, deviceId } = receipt;
  const licence = await db.licence.findUnique({ where: { id: licenceId } });
  if (licence?.packageId === packageId && licence.deviceId === deviceId) return;
  throw new SallyportError('ERR_RECEIPT_MISMATCH', { detail: { licenceId } });
}

async function write(
  tx: Transaction,
  receipt: Receipt,
  officerId: string,
  now: Date,
): Promise<void> {
  const actor = { kind: 'officer', id: officerId } as const;
  const { packageId, deviceId } = receipt.payload;
  if (receipt.kind === 'playback-receipt') {
    const { licenceId, event: moment } = receipt.payload;
    const kind = moment === 'opened' ? 'playback.opened' : 'playback.ended';
    await recordEvent(tx, { at: now, actor, event: { kind, packageId, deviceId, licenceId } });
    return;
  }
  await tx.package.updateMany({
    where: { id: packageId, receiptAt: null },
    data: { receiptAt: now },
  });
  await recordEvent(tx, {
    at: now,
    actor,
    event: { kind: 'destruction.receipt', packageId, deviceId },
  });
}
