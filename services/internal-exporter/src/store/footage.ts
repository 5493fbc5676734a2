import { SallyportError, type FootageSource, type LedgerActor } from '@sallyport/contracts';
import type { Footage } from '../generated/prisma/client.ts';
import { parseDisplayName } from '../domain/footage-name.ts';
import { writeAtRest } from './at-rest.ts';
import { inTransaction, type Database } from './database.ts';
import { destroyFile, footageFile, type FilePlaces } from './file-places.ts';
import { newId } from './ids.ts';
import { recordEvent } from './ledger-outbox.ts';
import type { PersonalFields } from './personal-fields.ts';
import type { Site } from './site.ts';

/** What taking footage in needs: it can write files at rest and read none. */
export interface FootageStore {
  readonly db: Database;
  readonly site: Site;
  readonly places: FilePlaces;
  readonly personal: PersonalFields;
}

/** What is said about a recording by whoever brings it. */
export interface FootageFacts {
  readonly cameraId: string;
  readonly startsAt: Date;
  readonly name: string | null;
  readonly source: FootageSource;
  readonly importedById: string | null;
  readonly actor: LedgerActor;
}

/**
 * Takes a recording in: encrypts and digests it while it streams, then keeps the row and its ledger
 * entry together. The same recording of the same camera and time is kept once.
 *
 * @param source throws when the stream did not reach its end; then nothing is kept
 * @throws SallyportError ERR_FOOTAGE_CAMERA_UNKNOWN, ERR_FOOTAGE_NAME_INVALID, ERR_MEDIA_EMPTY
 */
export async function importFootage(
  store: FootageStore,
  facts: FootageFacts,
  source: AsyncIterable<Uint8Array>,
  now: Date,
): Promise<Footage> {
  await requireCamera(store.db, facts.cameraId);
  const name = facts.name === null ? null : parseDisplayName(facts.name);
  const id = newId();
  const path = footageFile(store.places, id);
  const { keyId, jwk } = store.site.atRestKey;
  const readers = [{ purpose: 'data-key', keyId, jwk } as const];
  const { sha256, sizeBytes } = await writeAtRest(path, source, { fileId: id, readers });
  const known = sizeBytes === 0 ? null : await findSame(store.db, facts, sha256);
  if (sizeBytes === 0 || known !== null) {
    await destroyFile(path, store.places.footage);
    if (known !== null) return known;
    throw new SallyportError('ERR_MEDIA_EMPTY');
  }
  return inTransaction(store.db, async (tx) => {
    const { cameraId, startsAt, actor, importedById } = facts;
    const place = { table: 'Footage', column: 'nameEncrypted', rowId: id };
    await recordEvent(tx, {
      at: now,
      actor,
      event: { kind: 'footage.imported', footageId: id, cameraId, sha256, sizeBytes },
    });
    return tx.footage.create({
      data: {
        id,
        cameraId,
        startsAt,
        nameEncrypted: name === null ? null : store.personal.encrypt(name, place),
        sha256,
        sizeBytes,
        source: facts.source,
        state: 'stored',
        importedById,
        importedAt: now,
      },
    });
  });
}

/** A footage name that a person gave, opened again. */
export function footageName(row: Footage, personal: PersonalFields): string | null {
  if (row.nameEncrypted === null) return null;
  return personal.decrypt(row.nameEncrypted, {
    table: 'Footage',
    column: 'nameEncrypted',
    rowId: row.id,
  });
}

async function requireCamera(db: Database, cameraId: string): Promise<void> {
  const camera = await db.camera.findUnique({ where: { id: cameraId } });
  if (camera === null || camera.removedAt !== null) {
    throw new SallyportError('ERR_FOOTAGE_CAMERA_UNKNOWN');
  }
}

function findSame(db: Database, facts: FootageFacts, sha256: string): Promise<Footage | null> {
  const { cameraId, startsAt } = facts;
  return db.footage.findFirst({
    where: { cameraId, startsAt, sha256, state: { in: ['stored', 'usable'] } },
  });
}
