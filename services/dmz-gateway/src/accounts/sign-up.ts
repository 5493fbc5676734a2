import { randomBytes } from 'node:crypto';
import {
  SallyportError,
  assertWrap,
  type PortalSignUpBody,
  type PortalSignUpReply,
} from '@sallyport/contracts';
import {
  assertPasswordAcceptable,
  createTotpSecret,
  hashPassword,
  totpUri,
} from '@sallyport/runtime';
import type { FieldKeys } from '../keys/gateway-keys.ts';
import { Prisma, type Database } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';
import { queueRecord } from '../store/outbound.ts';
import { getSite } from '../store/trust.ts';
import { loginLookup, loginPlace, numberedLogin, totpPlace } from './logins.ts';

/**
 * Takes a sign-up. The person's fields arrive wrapped to the internal zone and are only passed on;
 * the account is the login name, a password hash and a station.
 *
 * @throws SallyportError ERR_PASSWORD_WEAK, ERR_STATION_UNKNOWN, ERR_OFFICER_EXISTS,
 * ERR_GATEWAY_NOT_TRUSTED, ERR_RECORD_HEADER
 */
export async function signUp(
  db: Database,
  fields: FieldKeys,
  body: PortalSignUpBody,
  now: Date,
): Promise<PortalSignUpReply> {
  const { officerId, stationId, sealed } = body;
  const site = await getSite(db);
  const { keyId } = site.intakeKey;
  assertWrap(sealed, { purpose: 'personal', context: officerId, keyId }, 16_384);
  const login = numberedLogin(body.wishedLogin);
  assertPasswordAcceptable(body.password, body.wishedLogin);
  await assertStation(db, stationId);
  const passwordHash = await hashPassword(body.password);
  const totpSecret = createTotpSecret();
  const id = randomBytes(16).toString('hex');
  await insertOnce(async () =>
    db.$transaction(async (tx) => {
      await tx.account.create({
        data: {
          id,
          role: 'officer',
          state: 'active',
          loginLookup: loginLookup(fields, login),
          loginEncrypted: fields.cipher.encrypt(login, loginPlace(id)),
          passwordHash,
          totpEncrypted: fields.cipher.encrypt(totpSecret, totpPlace(id)),
          officerId,
          stationId,
          createdAt: now,
        },
      });
      await queueRecord(
        tx,
        'officer-sign-up',
        { officerId, stationId, siteId: site.siteId, sealed, at: now.toISOString() },
        { dedupeKey: `officer-sign-up:${officerId}`, now },
      );
      await recordEvent(tx, {
        at: now,
        actor: { kind: 'officer', id: officerId },
        event: { kind: 'officer.signed-up', officerId },
      });
    }),
  );
  return { officerId, login, totpSecret, otpauthUri: totpUri(totpSecret, 'Sallyport', login) };
}

async function assertStation(db: Database, id: string): Promise<void> {
  const row = await db.directoryRow.findUnique({ where: { kind_id: { kind: 'station', id } } });
  if (row === null || row.value === null) throw new SallyportError('ERR_STATION_UNKNOWN');
}

const UNIQUE_VIOLATION = 'P2002';

async function insertOnce(insert: () => Promise<void>): Promise<void> {
  try {
    await insert();
  } catch (cause) {
    const taken =
      cause instanceof Prisma.PrismaClientKnownRequestError && cause.code === UNIQUE_VIOLATION;
    throw taken ? new SallyportError('ERR_OFFICER_EXISTS', { cause }) : cause;
  }
}
