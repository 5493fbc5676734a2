import type { LedgerActor, RequestState } from '@sallyport/contracts';
import { getPolicy } from '../acts/policy.ts';
import { inTransaction, type Database } from '../store/database.ts';
import {
  destroyFile,
  footageFile,
  leavesOf,
  packageFile,
  workFile,
  type FilePlaces,
} from '../store/file-places.ts';
import { moveExport } from '../store/jobs.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { fileIdsIn } from './sweep-orphans.ts';

const SEAL_ROLE: LedgerActor = { kind: 'role', name: 'seal' };
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const AT_ONCE = 20;
/** Exports in these states need nothing of theirs any more. */
const ENDED: readonly RequestState[] = [
  'rejected',
  'cancelled',
  'destroyed',
  'destruction-confirmed',
  'closed',
];

interface DestroyTools {
  readonly db: Database;
  readonly places: FilePlaces;
}

/**
 * What time ends inside: packages whose play period is over, files that no export needs any more,
 * footage past its retention. Files go first, the row says so after: a crash between the two destroys
 * once more, and never claims what did not happen. False when nothing was due.
 */
export async function destroyDue(tools: DestroyTools, now: Date): Promise<boolean> {
  const done = [
    await expirePackages(tools.db, now),
    await wipePackages(tools, now),
    await wipeExports(tools, now),
    await destroyFootage(tools, now),
  ];
  await tools.db.jobKey.deleteMany({
    where: { answeredAt: { lt: new Date(now.getTime() - HOUR_MS) } },
  });
  return done.includes(true);
}

/** The grant's own end: nothing new opens after it, whatever the other zone reports. */
async function expirePackages(db: Database, now: Date): Promise<boolean> {
  const due = await db.sealedPackage.findMany({
    where: {
      expiresAt: { lte: now },
      state: { notIn: ['superseded', 'abandoned'] },
      export: { state: { in: ['transferring', 'available', 'viewing'] } },
    },
    include: { export: true },
    take: AT_ONCE,
  });
  const present = due.filter((row) => row.export.packageId === row.id);
  for (const { export: row } of present) {
    const from = row.state as RequestState; // one of the three above
    const move = { exportId: row.id, requestId: row.requestId, from, to: 'expired' } as const;
    await inTransaction(db, (tx) => moveExport(tx, move, { progress: 'done', percent: 100 }, now));
  }
  return present.length > 0;
}

/** Our copy of a package: needed until the other side has it, or another package has its place. */
async function wipePackages({ db, places }: DestroyTools, now: Date): Promise<boolean> {
  const due = await db.sealedPackage.findMany({
    where: {
      wipedAt: null,
      state: { not: 'sealing' },
      OR: [
        { receivedAt: { not: null }, failure: null },
        { state: 'superseded' },
        { expiresAt: { lte: now } },
      ],
    },
    take: AT_ONCE,
  });
  for (const { id } of due) {
    const path = packageFile(places, id);
    for (const file of [path, leavesOf(path)]) await destroyFile(file, places.packages);
    await db.sealedPackage.update({ where: { id }, data: { wipedAt: now } });
  }
  return due.length > 0;
}

/** Masked clip, report, plans and previews: kept for sealing again until the play period and its afterlife are over. */
async function wipeExports({ db, places }: DestroyTools, now: Date): Promise<boolean> {
  const { policy } = await getPolicy(db);
  const until = new Date(now.getTime() - policy.keepDaysAfterPlay * DAY_MS);
  const due = await db.export.findMany({
    where: {
      wipedAt: null,
      footageId: { not: null },
      jobs: { none: { state: { in: ['waiting', 'running'] } } },
      OR: [
        { state: { in: [...ENDED] } },
        { state: 'expired', packages: { every: { expiresAt: { lt: until } } } },
      ],
    },
    include: { plans: true },
    take: AT_ONCE,
  });
  for (const row of due) {
    const files = [
      ...row.plans.map(({ fileId }) => fileId),
      ...fileIdsIn(row.previews),
      ...fileIdsIn(row.rendered),
    ];
    for (const fileId of files) await destroyFile(workFile(places, fileId), places.work);
    await db.export.update({
      where: { id: row.id },
      data: { wipedAt: now, previews: [], updatedAt: now },
    });
  }
  return due.length > 0;
}

/** Footage past its retention that no unfinished export works on: key and content are one file. */
async function destroyFootage({ db, places }: DestroyTools, now: Date): Promise<boolean> {
  const { policy } = await getPolicy(db);
  const until = new Date(now.getTime() - policy.footageRetentionDays * DAY_MS);
  const due = await db.footage.findMany({
    where: {
      state: { not: 'destroyed' },
      importedAt: { lt: until },
      exports: { every: { state: { in: [...ENDED, 'available', 'viewing', 'expired'] } } },
    },
    take: AT_ONCE,
  });
  for (const { id } of due) {
    await destroyFile(footageFile(places, id), places.footage);
    await inTransaction(db, async (tx) => {
      await tx.footage.update({
        where: { id },
        data: { state: 'destroyed', destroyedAt: now, nameEncrypted: null },
      });
      await recordEvent(tx, {
        at: now,
        actor: SEAL_ROLE,
        event: { kind: 'footage.destroyed', footageId: id },
      });
    });
  }
  return due.length > 0;
}
