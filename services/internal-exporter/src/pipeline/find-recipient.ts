import {
  type AgreementKey,
  OfficerPersonal,
  PublicJwk,
  SallyportError,
  parse,
} from '@sallyport/contracts';
import type { RecipientCertificates } from '@sallyport/seal/sign';
import type { Database } from '../store/database.ts';
import type { PersonalFields } from '../store/personal-fields.ts';

const MOST_DEVICES = 8;

/** Who receives: the person's name and the devices that can open. */
export interface Recipient {
  readonly officerId: string;
  readonly name: string;
  readonly deviceIds: readonly string[];
  readonly certificates: readonly RecipientCertificates[];
}

/** @throws SallyportError ERR_GATE_NO_DEVICE when no confirmed device has both its certificates */
export async function findRecipient(
  db: Database,
  personal: PersonalFields,
  officerId: string,
): Promise<Recipient> {
  const officer = await db.officer.findUnique({
    where: { id: officerId },
    include: { devices: true },
  });
  if (officer?.state !== 'confirmed') throw new SallyportError('ERR_GATE_NO_DEVICE');
  const devices = officer.devices
    .filter(({ state }) => state === 'confirmed')
    .sort((a, b) => (b.decidedAt?.getTime() ?? 0) - (a.decidedAt?.getTime() ?? 0));
  const certificates = await db.certificate.findMany({
    where: { ownerId: officerId, revokedAt: null, role: { in: ['device-sign', 'device-agree'] } },
  });
  const usable = devices.flatMap((device) => {
    const derOf = (role: string) =>
      certificates.find((row) => row.role === role && row.subjectId === device.id)?.der;
    const [signCertificate, agreeCertificate] = [derOf('device-sign'), derOf('device-agree')];
    if (signCertificate === undefined || agreeCertificate === undefined) return [];
    return [{ id: device.id, signCertificate, agreeCertificate }];
  });
  if (usable.length === 0) throw new SallyportError('ERR_GATE_NO_DEVICE');
  const chosen = usable.slice(0, MOST_DEVICES);
  const place = { table: 'Officer', column: 'personalEncrypted', rowId: officerId };
  const person: unknown = JSON.parse(personal.decrypt(officer.personalEncrypted, place));
  return {
    officerId,
    name: parse(OfficerPersonal, person, 'ERR_INTERNAL').name,
    deviceIds: chosen.map(({ id }) => id),
    certificates: chosen.map(({ signCertificate, agreeCertificate }) => ({
      signCertificate,
      agreeCertificate,
    })),
  };
}

/**
 * The gateway's agreement key for a share that must last until `until`: the newest epoch that lives
 * that long, or the longest-lived one.
 *
 * @throws SallyportError ERR_GATE_NO_GATEWAY_KEY
 */
export async function findGatewayKey(
  db: Database,
  until: Date,
  now: Date,
): Promise<{ readonly gatewayId: string; readonly key: AgreementKey }> {
  const gateway = await db.gateway.findFirst({
    where: { current: true },
    include: { agreementKeys: { where: { notAfter: { gt: now } }, orderBy: { epoch: 'desc' } } },
  });
  const keys = gateway?.agreementKeys ?? [];
  const longest = keys.toSorted((a, b) => b.notAfter.getTime() - a.notAfter.getTime())[0];
  const row = keys.find(({ notAfter }) => notAfter >= until) ?? longest;
  if (row === undefined) throw new SallyportError('ERR_GATE_NO_GATEWAY_KEY');
  const jwk = parse(PublicJwk, row.jwk, 'ERR_KEY_INVALID');
  return {
    gatewayId: row.gatewayId,
    key: { epoch: row.epoch, jwk, notAfter: row.notAfter.toISOString() },
  };
}
