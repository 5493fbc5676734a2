import type { LedgerEntry, TransferLogEntry } from '@sallyport/contracts';

type PackageFacts = Omit<TransferLogEntry, 'receiptNumber' | 'recipientName'>;

/** What a package's row starts from: its place, before any ledger entry is folded in. */
export interface LoggedPackage {
  readonly packageId: string;
  readonly exportId: string;
  readonly requestId: string;
}

/**
 * Folds a package's ledger entries, oldest first, into one row of the auditor's transfer log: what
 * this side did beside what the other side reported. A fact nobody reported stays null.
 */
export function toTransferLogEntry(
  of: LoggedPackage,
  entries: readonly LedgerEntry[],
): PackageFacts {
  return entries.reduce(fold, {
    ...of,
    sealedAt: null,
    sentAt: null,
    receivedAt: null,
    verdict: null,
    failure: null,
    licenceGrantedAt: null,
    openedCount: 0,
    lastOpenedAt: null,
    keyDestroyedAt: null,
    fileGoneAt: null,
    recipientReceiptAt: null,
  });
}

function fold(row: PackageFacts, { at, event }: LedgerEntry): PackageFacts {
  switch (event.kind) {
    case 'package.sealed':
      return { ...row, sealedAt: at };
    case 'transfer.sent':
      return { ...row, sentAt: at, failure: null };
    case 'transfer.failed':
      return { ...row, failure: event.failure };
    case 'transfer.receipt':
      return { ...row, receivedAt: at, verdict: event.verdict };
    case 'licence.granted':
      return { ...row, licenceGrantedAt: at };
    case 'playback.opened':
      return { ...row, openedCount: row.openedCount + 1, lastOpenedAt: at };
    case 'destruction.key-destroyed':
      return { ...row, keyDestroyedAt: at };
    case 'destruction.file-gone':
      return { ...row, fileGoneAt: at };
    case 'destruction.receipt':
      return { ...row, recipientReceiptAt: at };
    default:
      // Every other kind says nothing about a package's way.
      return row;
  }
}
