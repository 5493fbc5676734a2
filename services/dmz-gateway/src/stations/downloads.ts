import type { ErrorCode } from '@sallyport/contracts';
import type { Database } from '../store/database.ts';
import { recordEvent } from '../store/ledger-events.ts';

/** A session that fetched nothing for this long has ended its download. */
const PAUSE_MS = 20_000;
/** A long download is written down at least this often. */
const LONGEST_MS = 10 * 60_000;

export interface Download {
  readonly packageId: string;
  readonly sessionId: string;
  readonly officerId: string;
  readonly segment: number;
  readonly sizeBytes: number;
}

/** Adds one segment to the session's tally, in one statement: players fetch several at once. */
export async function tallyDownload(db: Database, download: Download, now: Date): Promise<void> {
  const { packageId, sessionId, officerId, segment, sizeBytes } = download;
  await db.$executeRaw`
    INSERT INTO download_tally AS t ("packageId", "sessionId", "deviceId", "officerId",
      "firstSegment", "lastSegment", "sizeBytes", "startedAt", "updatedAt")
    VALUES (${packageId}, ${sessionId}, (SELECT "deviceId" FROM session WHERE id = ${sessionId}),
      ${officerId}, ${segment}, ${segment}, ${sizeBytes}, ${now}, ${now})
    ON CONFLICT ("packageId", "sessionId") DO UPDATE SET
      "deviceId" = coalesce(EXCLUDED."deviceId", t."deviceId"),
      "firstSegment" = least(t."firstSegment", EXCLUDED."firstSegment"),
      "lastSegment" = greatest(t."lastSegment", EXCLUDED."lastSegment"),
      "sizeBytes" = t."sizeBytes" + EXCLUDED."sizeBytes",
      "updatedAt" = EXCLUDED."updatedAt"`;
}

/** Turns tallies that have come to rest into one ledger entry each. Answers how many. */
export async function settleDownloads(
  db: Database,
  now: Date,
  pauseMs = PAUSE_MS,
): Promise<number> {
  const rows = await db.downloadTally.findMany({
    where: {
      OR: [
        { updatedAt: { lte: new Date(now.getTime() - pauseMs) } },
        { startedAt: { lte: new Date(now.getTime() - LONGEST_MS) } },
      ],
    },
  });
  for (const row of rows) {
    const { packageId, sessionId, officerId, deviceId, firstSegment, lastSegment } = row;
    await db.$transaction(async (tx) => {
      // A segment that came meanwhile changed the row: then it is settled next time.
      const { count } = await tx.downloadTally.deleteMany({
        where: { packageId, sessionId, updatedAt: row.updatedAt, sizeBytes: row.sizeBytes },
      });
      if (count !== 1) return;
      const sizeBytes = Number(row.sizeBytes);
      const device = deviceId === null ? {} : { deviceId };
      await recordEvent(tx, {
        at: now,
        actor: { kind: 'officer', id: officerId },
        event: {
          kind: 'segments.downloaded',
          packageId,
          officerId,
          ...device,
          firstSegment,
          lastSegment,
          sizeBytes,
        },
      });
    });
  }
  return rows.length;
}

/** Writes down a refused download. */
export async function recordRefusedDownload(
  db: Database,
  refusal: { readonly packageId: string; readonly officerId: string; readonly failure: ErrorCode },
  now: Date,
): Promise<void> {
  await recordEvent(db, {
    at: now,
    actor: { kind: 'officer', id: refusal.officerId },
    event: { kind: 'download.refused', ...refusal },
  });
}
