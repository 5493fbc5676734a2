import t from 'tap';
import type { LedgerEntry, LedgerEvent } from '@sallyport/contracts';
import { toTransferLogEntry } from '@sallyport/internal-exporter/domain/transfer-log.js';

const packageId = '1'.repeat(32);
const other = { exportId: '2'.repeat(32), requestId: '3'.repeat(32) };
const sha256 = 'a'.repeat(64);
let minute = 0;
const entry = (event: LedgerEvent): LedgerEntry => ({
  entryId: '4'.repeat(32),
  zone: 'internal',
  at: `2026-11-21T10:${String((minute += 1)).padStart(2, '0')}:00.000Z`,
  actor: { kind: 'role', name: 'seal' },
  event,
});
const playback = { packageId, deviceId: '5'.repeat(32), licenceId: '6'.repeat(32) };

t.test('sent is never received: only a receipt fills that column', async (t) => {
  minute = 0;
  const row = toTransferLogEntry({ packageId, ...other }, [
    entry({ kind: 'package.sealed', ...other, packageId, root: sha256, supersedes: null }),
    entry({ kind: 'transfer.sent', packageId, frameCount: 3, sizeBytes: 9 }),
  ]);
  t.match(row, {
    sealedAt: '2026-11-21T10:01:00.000Z',
    sentAt: '2026-11-21T10:02:00.000Z',
    receivedAt: null,
    verdict: null,
  });
});

t.test('puts the other side’s reports beside our own acts, each with its time', async (t) => {
  minute = 0;
  const row = toTransferLogEntry({ packageId, ...other }, [
    entry({ kind: 'transfer.failed', packageId, failure: 'ERR_LANE_SPOOL' }),
    entry({ kind: 'transfer.sent', packageId, frameCount: 3, sizeBytes: 9 }),
    entry({ kind: 'transfer.receipt', packageId, verdict: 'admitted' }),
    entry({ kind: 'licence.granted', packageId, grantId: '7'.repeat(32), version: 1 }),
    entry({ kind: 'playback.opened', ...playback }),
    entry({ kind: 'playback.opened', ...playback }),
    entry({ kind: 'destruction.key-destroyed', packageId, reason: 'expired' }),
  ]);
  t.match(row, {
    failure: null,
    verdict: 'admitted',
    openedCount: 2,
    lastOpenedAt: '2026-11-21T10:06:00.000Z',
  });
  t.match(row, {
    keyDestroyedAt: '2026-11-21T10:07:00.000Z',
    fileGoneAt: null,
    recipientReceiptAt: null,
  });
});
