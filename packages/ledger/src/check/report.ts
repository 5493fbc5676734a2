import { ERRORS, type ErrorCode } from '@sallyport/contracts';

/** The first fault of a ledger: what, where, and what to do. */
export interface LedgerFault {
  readonly code: ErrorCode;
  /** What it is about: an entry index, a checkpoint size, a line of the names file. */
  readonly where: string;
}

/** What the offline check found. `isSound` is true only without any fault. */
export interface FsckReport {
  readonly isSound: boolean;
  readonly fault: LedgerFault | null;
  readonly origin: string | null;
  readonly zone: string | null;
  readonly entryCount: number;
  readonly rootHash: string | null;
  readonly checkpointCount: number;
  /** Size of the newest checkpoint: entries beyond it rest on nobody's signature yet. */
  readonly signedSize: number;
  /** `ca`: signatures lead to the CA given. `unchecked`: without a CA only form and roots were checked. */
  readonly signatures: 'ca' | 'unchecked';
  readonly names: { readonly checked: number; readonly erased: number } | null;
  /** Entries a live writer has not acknowledged yet. */
  readonly pendingCount: number;
}

/** The report as a person reads it, in one language. */
export function fsckText(report: FsckReport, language: 'ko' | 'en'): string {
  const ko = language === 'ko';
  const lines = [
    `${ko ? '원장' : 'ledger'}: ${report.origin ?? '?'} (${report.zone ?? '?'})`,
    `${ko ? '기록' : 'entries'}: ${String(report.entryCount)}${pendingText(report, ko)}`,
    `${ko ? '루트' : 'root'}: ${report.rootHash ?? '-'}`,
    `${ko ? '체크포인트' : 'checkpoints'}: ${String(report.checkpointCount)} (${ko ? '서명된 크기' : 'signed size'} ${String(report.signedSize)})`,
    signatureText(report, ko),
    ...(report.names === null
      ? []
      : [
          `${ko ? '이름 기록' : 'names'}: ${String(report.names.checked)} ${ko ? '확인' : 'checked'}, ${String(report.names.erased)} ${ko ? '보존기간 경과로 파기' : 'erased under retention'}`,
        ]),
    report.fault === null ? (ko ? '이상 없음' : 'sound') : faultText(report.fault, language),
  ];
  return lines.join('\n');
}

function faultText(fault: LedgerFault, language: 'ko' | 'en'): string {
  const { what, remedy } = ERRORS[fault.code][language];
  return `${language === 'ko' ? '이상' : 'FAULT'} ${fault.code} [${fault.where}]\n  ${what}\n  ${remedy}`;
}

function signatureText(report: FsckReport, ko: boolean): string {
  if (report.signatures === 'ca')
    return ko ? '서명: CA까지 확인' : 'signatures: verified up to the CA';
  return ko ? '서명: 확인하지 않음 (--ca FILE 없음)' : 'signatures: not checked (no --ca FILE)';
}

function pendingText(report: FsckReport, ko: boolean): string {
  if (report.pendingCount === 0) return '';
  return ko
    ? ` (쓰는 중 ${String(report.pendingCount)})`
    : ` (being written: ${String(report.pendingCount)})`;
}
