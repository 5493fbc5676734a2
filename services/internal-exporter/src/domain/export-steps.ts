import {
  SallyportError,
  assertNever,
  isErrorCode,
  isTransition,
  ERRORS,
  type RequestState,
} from '@sallyport/contracts';

/** The steps that a machine does; everything between them waits for a person or the other zone. */
export const EXPORT_STEPS = ['detect', 'render', 'seal'] as const;
export type ExportStep = (typeof EXPORT_STEPS)[number];

/** Tries before a step that keeps failing waits for a person. */
export const MOST_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 2_000;

/** The state an export shows while a step is waiting or at work. */
export function stateOfStep(step: ExportStep): RequestState {
  switch (step) {
    case 'detect':
      return 'transcoding';
    case 'render':
      return 'watermarking';
    case 'seal':
      return 'encrypting';
    default:
      return assertNever(step);
  }
}

/** @throws SallyportError ERR_EXPORT_STATE when the table of states has no such move */
export function assertMove(from: RequestState, to: RequestState): void {
  if (!isTransition(from, to))
    throw new SallyportError('ERR_EXPORT_STATE', { detail: { from, to } });
}

export type FailureVerdict =
  { readonly kind: 'again'; readonly notBefore: Date } | { readonly kind: 'failed' };

/**
 * Whether a failed attempt is worth another: faults of the machine are, faults of the matter are not,
 * because the same file and the same approvals will be refused again.
 */
export function judgeFailure(code: string, attempts: number, now: Date): FailureVerdict {
  const isOfMachine = !isErrorCode(code) || ERRORS[code].status >= 500;
  const isIntegrity = INTEGRITY.has(code);
  if (!isOfMachine || isIntegrity || attempts >= MOST_ATTEMPTS) return { kind: 'failed' };
  const pauseMs = FIRST_PAUSE_MS * 4 ** (attempts - 1);
  return { kind: 'again', notBefore: new Date(now.getTime() + pauseMs) };
}

/** Server-side codes that another attempt cannot mend and must not paper over. */
const INTEGRITY: ReadonlySet<string> = new Set([
  'ERR_AT_REST_INVALID',
  'ERR_AT_REST_TRUNCATED',
  'ERR_FOOTAGE_DIGEST_MISMATCH',
  'ERR_MEDIA_MASK_CHECK_FAILED',
  'ERR_EXPORT_STEP_ABANDONED',
]);
