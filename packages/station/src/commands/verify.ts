import { verifyPackage, type VerifiedPackage } from '@sallyport/seal/verify';
import { onlyArgument, required } from '../cli/options.ts';
import type { Command } from '../cli/command.ts';
import { drawProgress } from '../cli/terminal.ts';
import { openForReading } from '../files.ts';
import { readCaFile } from '../keys/ca-file.ts';

/** `station verify PACKAGE --ca FILE`: offline; intact or the first fault, who approved, when, for whom. */
export const verify: Command = async (line, terminal) => {
  const path = onlyArgument(line, 'PACKAGE');
  const ca = await readCaFile(required(line, 'ca'));
  const now = terminal.now();
  const progress = drawProgress(terminal, 'verify');
  const file = await openForReading(path);
  try {
    const verified = await verifyPackage(
      file.createReadStream({ autoClose: false, highWaterMark: 1_048_576 }),
      {
        trust: { ca, revoked: new Set() },
        now,
        onProgress: ({ view, segmentsSeen }) => {
          if (view !== null) progress(segmentsSeen, view.layout.segmentCount);
        },
      },
    );
    return outcomeOf(verified, now);
  } finally {
    await file.close();
  }
};

function outcomeOf(
  { header, approvals, layout }: VerifiedPackage,
  now: Date,
): Record<string, unknown> {
  return {
    verdict: 'intact',
    packageId: header.packageId,
    exportId: header.exportId,
    requestId: header.requestId,
    sealedAt: header.createdAt,
    expiresAt: header.expiresAt,
    expired: now >= new Date(header.expiresAt),
    approvals: [approvals.request, approvals.release].map(({ kind, signer, payload }) => ({
      kind,
      at: payload.at,
      approverId: signer.subjectId,
      personId: signer.ownerId,
    })),
    recipient: header.recipientOfficerId,
    devices: header.recipients.map(({ deviceId }) => deviceId),
    segments: layout.segmentCount,
    sizeBytes: layout.sizeBytes,
    root: header.root,
    // Offline there is no list of revoked certificates to ask.
    revocations: 'not-checked',
  };
}
