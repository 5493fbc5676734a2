import {
  OfficerPersonal,
  parse,
  parseCanonical,
  SallyportError,
  type ConsoleOfficer,
  type RecordPayload,
} from '@sallyport/contracts';
import { byAccount } from '../store/actors.ts';
import { inTransaction, type Database, type Prisma, type Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { publishDirectory } from './directory.ts';

type OfficerRow = Prisma.OfficerGetPayload<{ include: { station: true } }>;

/**
 * Keeps a sign-up until an operator decides. The same sign-up again changes nothing.
 *
 * @throws SallyportError ERR_STATION_UNKNOWN, ERR_RECORD_STALE for another sign-up under a known id
 */
export async function receiveSignUp(
  tx: Transaction,
  fields: PersonalFields,
  signUp: RecordPayload<'officer-sign-up'>,
  personalBytes: Uint8Array,
  recordSha256: string,
  now: Date,
): Promise<void> {
  const { officerId, stationId } = signUp;
  const personal = parse(OfficerPersonal, parseCanonical(personalBytes));
  const known = await tx.officer.findUnique({ where: { id: officerId } });
  if (known !== null) {
    if (known.recordSha256 === recordSha256) return;
    throw new SallyportError('ERR_RECORD_STALE', { detail: { officerId } });
  }
  if ((await tx.station.findUnique({ where: { id: stationId } })) === null) {
    throw new SallyportError('ERR_STATION_UNKNOWN', { detail: { stationId } });
  }
  await tx.officer.create({
    data: {
      id: officerId,
      stationId,
      state: 'pending',
      personalEncrypted: fields.encrypt(JSON.stringify(personal), placeOf(officerId)),
      staffNumberLookup: fields.lookup('staff-number', personal.staffNumber),
      personId: fields.personIdOf(personal.staffNumber),
      recordSha256,
      signedUpAt: now,
    },
  });
  await recordEvent(tx, {
    at: now,
    actor: { kind: 'officer', id: officerId },
    event: { kind: 'officer.signed-up', officerId },
  });
}

/**
 * An operator confirms or refuses a sign-up; the decision goes outward.
 *
 * @throws SallyportError ERR_OFFICER_UNKNOWN, ERR_OFFICER_STATE when it was decided before
 */
export function decideOfficer(
  db: Database,
  officerId: string,
  decision: 'confirmed' | 'refused',
  byId: string,
  now: Date,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const officer = await getOfficer(tx, officerId);
    const { count } = await tx.officer.updateMany({
      where: { id: officerId, state: 'pending' },
      data: { state: decision, decidedAt: now, decidedById: byId },
    });
    if (count === 0)
      throw new SallyportError('ERR_OFFICER_STATE', { detail: { state: officer.state } });
    await publishDirectory(
      tx,
      'officer',
      officerId,
      { stationId: officer.stationId, status: decision },
      now,
    );
    await recordEvent(tx, {
      at: now,
      actor: byAccount(byId),
      event: { kind: `officer.${decision}`, officerId },
    });
  });
}

export async function listOfficers(
  db: Database,
  fields: PersonalFields,
): Promise<readonly ConsoleOfficer[]> {
  const rows = await db.officer.findMany({
    include: { station: true },
    orderBy: { signedUpAt: 'desc' },
  });
  const numbers = rows.map(({ staffNumberLookup }) => staffNumberLookup);
  const isShared = (number: string) => numbers.indexOf(number) !== numbers.lastIndexOf(number);
  return rows.map((row) => toConsoleOfficer(fields, row, isShared(row.staffNumberLookup)));
}

/** @throws SallyportError ERR_OFFICER_UNKNOWN */
export async function getOfficer(
  db: Database | Transaction,
  officerId: string,
): Promise<OfficerRow> {
  const row = await db.officer.findUnique({ where: { id: officerId }, include: { station: true } });
  if (row === null) throw new SallyportError('ERR_OFFICER_UNKNOWN', { detail: { officerId } });
  return row;
}

/** What an officer said about themselves, decrypted. */
export function officerPersonal(
  fields: PersonalFields,
  row: { id: string; personalEncrypted: Uint8Array },
): OfficerPersonal {
  const value: unknown = JSON.parse(fields.decrypt(row.personalEncrypted, placeOf(row.id)));
  return parse(OfficerPersonal, value, 'ERR_INTERNAL');
}

function toConsoleOfficer(
  fields: PersonalFields,
  row: OfficerRow,
  sameStaffNumber: boolean,
): ConsoleOfficer {
  return {
    officerId: row.id,
    stationId: row.stationId,
    stationName: row.station.name,
    ...officerPersonal(fields, row),
    state: row.state as ConsoleOfficer['state'], // written by this file only
    signedUpAt: row.signedUpAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    sameStaffNumber,
  };
}

function placeOf(officerId: string) {
  return { table: 'Officer', column: 'personalEncrypted', rowId: officerId };
}
