import {
  CameraExclusion,
  parse,
  SallyportError,
  type CameraChange,
  type CameraEntry,
  type ConsoleCamera,
  type NewCamera,
} from '@sallyport/contracts';
import { byAccount } from '../store/actors.ts';
import {
  inTransaction,
  toJson,
  type Database,
  type Prisma,
  type Transaction,
} from '../store/database.ts';
import { newId } from '../store/ids.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { accountName } from './accounts.ts';
import { publishDirectory } from './directory.ts';
import { getPolicy } from './policy.ts';

type CameraRow = Prisma.CameraGetPayload<object>;

/** Registers a camera: name, location, type, who registered it and when; and tells it outward. */
export function registerCamera(
  db: Database,
  fields: PersonalFields,
  wanted: NewCamera,
  byId: string,
  now: Date,
): Promise<ConsoleCamera> {
  return inTransaction(db, async (tx) => {
    const { policy } = await getPolicy(tx);
    const row = await tx.camera.create({
      data: {
        id: newId(),
        name: wanted.name,
        location: wanted.location,
        type: wanted.type,
        district: wanted.district,
        retentionDays: wanted.retentionDays ?? policy.footageRetentionDays,
        exclusion: toJson(wanted.exclusion ?? { kind: 'none' }),
        latitude: wanted.coordinates?.latitude ?? null,
        longitude: wanted.coordinates?.longitude ?? null,
        version: 1,
        registrantId: byId,
        registeredAt: now,
      },
    });
    await publishDirectory(tx, 'camera', row.id, toCameraEntry(row), now);
    const event = { kind: 'camera.registered', cameraId: row.id, version: row.version } as const;
    await recordEvent(tx, { at: now, actor: byAccount(byId), event });
    return toConsoleCamera(row, await registrantNames(tx, fields, [row]));
  });
}

/**
 * Changes or removes a camera; a removed one leaves a tombstone and cannot return.
 *
 * @throws SallyportError ERR_CAMERA_UNKNOWN
 */
export function changeCamera(
  db: Database,
  fields: PersonalFields,
  cameraId: string,
  change: CameraChange,
  byId: string,
  now: Date,
): Promise<ConsoleCamera> {
  return inTransaction(db, async (tx) => {
    const { removed, exclusion, coordinates, ...plain } = change;
    const { count } = await tx.camera.updateMany({
      where: { id: cameraId, removedAt: null },
      data: {
        // Prisma reads `undefined` as "leave it"; the optional members are simply spread.
        ...(plain as Prisma.CameraUpdateManyMutationInput),
        ...(exclusion === undefined ? {} : { exclusion: toJson(exclusion) }),
        ...(coordinates ?? {}),
        ...(removed === true ? { removedAt: now } : {}),
        version: { increment: 1 },
      },
    });
    if (count === 0) throw new SallyportError('ERR_CAMERA_UNKNOWN', { detail: { cameraId } });
    const row = await tx.camera.findUniqueOrThrow({ where: { id: cameraId } });
    await publishDirectory(
      tx,
      'camera',
      row.id,
      row.removedAt === null ? toCameraEntry(row) : null,
      now,
    );
    const kind = row.removedAt === null ? 'camera.changed' : 'camera.removed';
    await recordEvent(tx, {
      at: now,
      actor: byAccount(byId),
      event: { kind, cameraId, version: row.version },
    });
    return toConsoleCamera(row, await registrantNames(tx, fields, [row]));
  });
}

/** One page of the register by name; `search` looks in name, location and district. */
export async function listCameras(
  db: Database,
  fields: PersonalFields,
  page: { readonly offset: number; readonly limit: number; readonly search?: string | undefined },
): Promise<{ readonly rows: ConsoleCamera[]; readonly total: number }> {
  const contains =
    page.search === undefined ? null : { contains: page.search, mode: 'insensitive' as const };
  const where: Prisma.CameraWhereInput = {
    removedAt: null,
    ...(contains === null
      ? {}
      : { OR: [{ name: contains }, { location: contains }, { district: contains }] }),
  };
  const [total, rows] = await Promise.all([
    db.camera.count({ where }),
    db.camera.findMany({
      where,
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      skip: page.offset,
      take: page.limit,
    }),
  ]);
  const names = await registrantNames(db, fields, rows);
  return { rows: rows.map((row) => toConsoleCamera(row, names)), total };
}

/** The camera's exclusion as it was registered. */
export function exclusionOf(row: { readonly exclusion: Prisma.JsonValue }): CameraExclusion {
  return parse(CameraExclusion, row.exclusion, 'ERR_INTERNAL');
}

function toCameraEntry(row: CameraRow): CameraEntry {
  const { name, district, location, retentionDays, latitude, longitude } = row;
  const excluded = exclusionOf(row).kind === 'always';
  const point =
    latitude === null || longitude === null ? {} : { coordinates: { latitude, longitude } };
  return { name, district, location, retentionDays, excluded, ...point };
}

function toConsoleCamera(row: CameraRow, names: ReadonlyMap<string, string>): ConsoleCamera {
  const { latitude, longitude } = row;
  return {
    cameraId: row.id,
    name: row.name,
    location: row.location,
    type: row.type as ConsoleCamera['type'], // written by this file from the schema's own set
    district: row.district,
    retentionDays: row.retentionDays,
    exclusion: exclusionOf(row),
    coordinates: latitude === null || longitude === null ? null : { latitude, longitude },
    version: row.version,
    registrant: names.get(row.registrantId ?? '') ?? null,
    registeredAt: row.registeredAt.toISOString(),
    removedAt: row.removedAt?.toISOString() ?? null,
  };
}

async function registrantNames(
  db: Database | Transaction,
  fields: PersonalFields,
  rows: readonly CameraRow[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(rows.flatMap(({ registrantId }) => registrantId ?? []))];
  const accounts = await db.account.findMany({ where: { id: { in: ids } } });
  return new Map(accounts.map((account) => [account.id, accountName(fields, account)]));
}
