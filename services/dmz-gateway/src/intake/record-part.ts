import type { LaneFrameHeader } from '@sallyport/contracts';
import type { TransferProgress } from '@sallyport/lane';
import type { Transaction } from '../store/database.ts';

const MOST_RANGES = 50;

/** Keeps how far a package has come. One that is whole waits for verification, also after a restart. */
export async function recordPart(
  tx: Transaction,
  transfer: NonNullable<LaneFrameHeader['transfer']>,
  progress: TransferProgress,
  now: Date,
): Promise<void> {
  const { packageId: id, partCount, totalSizeBytes } = transfer;
  await tx.package.createMany({
    data: [
      { id, state: 'receiving', partCount, sizeBytes: BigInt(totalSizeBytes), firstPartAt: now },
    ],
    skipDuplicates: true,
  });
  const isOpen = progress.kind === 'open';
  await tx.package.updateMany({
    where: { id, state: { in: ['receiving', 'verifying'] } },
    data: {
      partsReceived: isOpen ? progress.received : partCount,
      missing: isOpen
        ? progress.missing.slice(0, MOST_RANGES).map(({ from, to }) => ({ from, to }))
        : [],
      ...(isOpen ? {} : { state: 'verifying', wholeAt: now }),
    },
  });
}
