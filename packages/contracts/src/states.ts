import { assertNever } from './assert-never.ts';

/** Every state of a request and of each of its exports, in the order of the path (design: states of a request). */
export const REQUEST_STATES = [
  'draft',
  'submitted',
  'under-review',
  'more-info-needed',
  'approved',
  'rejected',
  'cancelled',
  'acquiring',
  'footage-missing',
  'transcoding',
  'masking',
  'mask-review',
  'watermarking',
  'release-approval',
  'encrypting',
  'transferring',
  'available',
  'viewing',
  'extension-requested',
  'expired',
  'destroyed',
  'destruction-confirmed',
  'closed',
] as const;

export type RequestState = (typeof REQUEST_STATES)[number];

/** The only moves there are. A state that is not listed as a target is unreachable from there. */
export const TRANSITIONS = {
  draft: ['submitted', 'cancelled'],
  submitted: ['under-review', 'rejected', 'cancelled'],
  'under-review': ['more-info-needed', 'approved', 'rejected', 'cancelled'],
  'more-info-needed': ['under-review', 'rejected', 'cancelled'],
  approved: ['acquiring', 'cancelled', 'expired'],
  rejected: ['closed'],
  cancelled: ['closed'],
  acquiring: ['footage-missing', 'transcoding', 'cancelled', 'expired'],
  'footage-missing': ['acquiring', 'cancelled', 'closed'],
  transcoding: ['masking', 'acquiring', 'cancelled', 'expired'],
  masking: ['mask-review', 'acquiring', 'cancelled', 'expired'],
  'mask-review': ['masking', 'watermarking', 'cancelled', 'expired'],
  watermarking: ['mask-review', 'release-approval', 'cancelled', 'expired'],
  'release-approval': ['mask-review', 'encrypting', 'rejected', 'cancelled', 'expired'],
  encrypting: ['release-approval', 'transferring', 'expired'],
  transferring: ['encrypting', 'available', 'expired'],
  available: ['encrypting', 'viewing', 'extension-requested', 'expired', 'destroyed'],
  viewing: ['encrypting', 'extension-requested', 'expired', 'destroyed'],
  'extension-requested': ['available', 'viewing', 'expired'],
  expired: ['destroyed'],
  destroyed: ['destruction-confirmed'],
  'destruction-confirmed': ['closed'],
  closed: [],
} as const satisfies Record<RequestState, readonly RequestState[]>;

/** How a step inside one state stands. */
export const STEP_PROGRESS = ['waiting', 'running', 'done', 'failed', 'retrying'] as const;
export type StepProgress = (typeof STEP_PROGRESS)[number];

/** Answers whether one move is in the table. */
export function isTransition(from: RequestState, to: RequestState): boolean {
  const targets: readonly RequestState[] = TRANSITIONS[from];
  return targets.includes(to);
}

/** A terminal state has no way out. */
export function isFinal(state: RequestState): boolean {
  return TRANSITIONS[state].length === 0;
}

/** Korean and English name of a state, as the pages show it. */
export function stateLabel(state: RequestState, language: 'ko' | 'en'): string {
  const [ko, en] = labels(state);
  return language === 'ko' ? ko : en;
}

/**
 * The state of a request with several exports: the least advanced one, so that "available" is said
 * only when every part is. Exports that ended early (rejected, cancelled, footage missing) do not
 * hold the others back; when all ended so, the first is reported.
 */
export function requestStateOf(exports: readonly RequestState[]): RequestState | null {
  const alive = exports.filter(
    (state) => !['rejected', 'cancelled', 'footage-missing'].includes(state),
  );
  const [first, ...rest] = alive.length > 0 ? alive : exports;
  if (first === undefined) return null;
  return rest.reduce((least, state) => (rank(state) < rank(least) ? state : least), first);
}

function rank(state: RequestState): number {
  return REQUEST_STATES.indexOf(state);
}

function labels(state: RequestState): readonly [ko: string, en: string] {
  switch (state) {
    case 'draft':
      return ['작성중', 'draft'];
    case 'submitted':
      return ['신청', 'submitted'];
    case 'under-review':
      return ['검토중', 'under review'];
    case 'more-info-needed':
      return ['보완요청', 'more information needed'];
    case 'approved':
      return ['승인', 'approved'];
    case 'rejected':
      return ['반려', 'rejected'];
    case 'cancelled':
      return ['취소', 'cancelled'];
    case 'acquiring':
      return ['영상입수', 'acquiring footage'];
    case 'footage-missing':
      return ['영상없음', 'footage missing'];
    case 'transcoding':
      return ['트랜스코딩', 'transcoding'];
    case 'masking':
      return ['마스킹', 'masking'];
    case 'mask-review':
      return ['검수', 'mask review'];
    case 'watermarking':
      return ['워터마킹', 'watermarking'];
    case 'release-approval':
      return ['반출승인', 'release approval'];
    case 'encrypting':
      return ['암호화', 'encrypting'];
    case 'transferring':
      return ['전송중', 'transferring'];
    case 'available':
      return ['수령가능', 'available'];
    case 'viewing':
      return ['열람중', 'viewing'];
    case 'extension-requested':
      return ['연장신청', 'extension requested'];
    case 'expired':
      return ['만료', 'expired'];
    case 'destroyed':
      return ['파기', 'destroyed'];
    case 'destruction-confirmed':
      return ['파기확인', 'destruction confirmed'];
    case 'closed':
      return ['종결', 'closed'];
    default:
      return assertNever(state);
  }
}
