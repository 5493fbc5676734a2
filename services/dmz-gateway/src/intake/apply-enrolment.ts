import { assertWrap, type EnrolmentChallenge, type EnrolmentOutcome } from '@sallyport/contracts';
import type { Transaction } from '../store/database.ts';

/** Keeps the challenge for the device to open. A device that has answered already keeps its state. */
export async function applyEnrolmentChallenge(
  tx: Transaction,
  { deviceId, challenge }: EnrolmentChallenge,
): Promise<void> {
  assertWrap(challenge, { purpose: 'enrolment-challenge', context: deviceId, keyId: deviceId });
  await tx.device.updateMany({
    where: { id: deviceId, state: { in: ['submitted', 'challenged'] } },
    data: { state: 'challenged', challenge },
  });
}

/** A refusal; a confirmation shows by the certificates that come in the directory. */
export async function applyEnrolmentOutcome(
  tx: Transaction,
  { deviceId, outcome }: EnrolmentOutcome,
): Promise<void> {
  if (outcome === 'confirmed') return;
  await tx.device.updateMany({
    where: { id: deviceId },
    data: { state: 'refused', challenge: null },
  });
}
