import {
  assertNever,
  type ErrorCode,
  type Licence,
  type PackageManifest,
} from '@sallyport/contracts';

/** What a page shows. Frozen; a new one for every change. */
export interface PlayerState {
  /** `stopped` is final: an integrity fault, a refusal, or an expired licence. */
  readonly phase: 'opening' | 'playable' | 'stopped' | 'closed';
  readonly step: 'header' | 'licence' | 'manifest' | 'content';
  /** Decryption runs in a worker, or on the main thread where a browser allows no worker. */
  readonly decryption: 'worker' | 'main-thread' | null;
  /** "Verified so far": the part whose every byte was checked. */
  readonly verifiedSegments: number;
  readonly segmentCount: number;
  /** "Complete": every segment of the package was verified, not only those that were shown. */
  readonly complete: boolean;
  readonly manifest: PackageManifest | null;
  readonly licence: Licence | null;
  /** Object URL of a still image. */
  readonly stillUrl: string | null;
  readonly failure: { readonly code: ErrorCode; readonly detail: string } | null;
}

export type PlayerEvent =
  | { readonly kind: 'header-verified'; readonly segmentCount: number }
  | { readonly kind: 'licence-opened'; readonly licence: Licence }
  | { readonly kind: 'decryption-chosen'; readonly decryption: 'worker' | 'main-thread' }
  | { readonly kind: 'manifest-read'; readonly manifest: PackageManifest }
  | { readonly kind: 'segment-verified'; readonly verifiedSegments: number }
  | { readonly kind: 'still-ready'; readonly url: string }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly detail: string }
  | { readonly kind: 'closed' };

export const INITIAL_STATE: PlayerState = Object.freeze({
  phase: 'opening',
  step: 'header',
  decryption: null,
  verifiedSegments: 0,
  segmentCount: 0,
  complete: false,
  manifest: null,
  licence: null,
  stillUrl: null,
  failure: null,
});

/** The next state. After `stopped` only `closed` counts: a late segment cannot revive playback. */
export function reduce(state: PlayerState, event: PlayerEvent): PlayerState {
  if (state.phase === 'closed' || (state.phase === 'stopped' && event.kind !== 'closed'))
    return state;
  return Object.freeze({ ...state, ...changeOf(state, event) });
}

function changeOf(state: PlayerState, event: PlayerEvent): Partial<PlayerState> {
  switch (event.kind) {
    case 'header-verified':
      return { segmentCount: event.segmentCount, step: 'licence' };
    case 'licence-opened':
      return { licence: event.licence, step: 'manifest' };
    case 'decryption-chosen':
      return { decryption: event.decryption };
    case 'manifest-read':
      return { manifest: event.manifest, step: 'content', phase: 'playable' };
    case 'segment-verified': {
      const { verifiedSegments } = event;
      return {
        verifiedSegments,
        complete: verifiedSegments === state.segmentCount && state.segmentCount > 0,
      };
    }
    case 'still-ready':
      return { stillUrl: event.url };
    case 'failed':
      return {
        phase: 'stopped',
        stillUrl: null,
        failure: { code: event.code, detail: event.detail },
      };
    case 'closed':
      return { phase: 'closed', stillUrl: null };
    default:
      return assertNever(event);
  }
}
