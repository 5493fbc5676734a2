import { concatBytes, isSallyportError, type PlaybackReceipt } from '@sallyport/contracts';
import { segmentsOfEntry } from '@sallyport/seal/open';
import { createClipReader } from './clip-reader.ts';
import { openContent, type Content, type PlayerDevice } from './content.ts';
import { feedVideo } from './feed-video.ts';
import type { PlayerGateway } from './gateway.ts';
import { INITIAL_STATE, reduce, type PlayerEvent, type PlayerState } from './state.ts';
import type { WorkerPort } from './worker-opener.ts';

export interface PlayerOptions {
  /** Shows a clip; a still image comes as `stillUrl` in the state. */
  readonly video: HTMLVideoElement;
  readonly packageId: string;
  readonly gateway: PlayerGateway;
  /** This browser's keys and certificates. */
  readonly keys: PlayerDevice;
  /** CA certificate of the site, standard base64 DER: what everything is verified against. */
  readonly ca: string;
  readonly onState: (state: PlayerState) => void;
  /** Gets each signed playback receipt; the page posts it. A rejection of the first stops playback. */
  readonly onReceipt?: ((jws: string) => Promise<void>) | undefined;
  readonly clock?: (() => Date) | undefined;
  readonly startWorker?: (() => WorkerPort) | undefined;
}

export interface Player {
  /** Stops, forgets keys and picture, and says that playback ended. */
  close(): Promise<void>;
  state(): PlayerState;
}

//   header ─► leaf table ─► licence ─► content key ─► manifest ─► segment … segment ─► MediaSource
//   verify     verify       verify     commitment     verify      verify, decrypt      or a blob
//                                     └────────── in a worker where there is one ─────┘
// Any fault stops playback for good under its code: what could not be verified is never shown.

/**
 * Opens a package and plays it. Opening spends one play of the licence.
 *
 * @example
 * const player = createPlayer({ video, packageId, gateway, keys, ca, onState: setState });
 * // later
 * await player.close();
 */
export function createPlayer(options: PlayerOptions): Player {
  const { video, clock = () => new Date() } = options;
  const stop = new AbortController();
  let state = INITIAL_STATE;
  let content: Content | null = null;
  let restVerified = false;

  const running = play().catch(fail);
  return { close, state: () => state };

  async function play(): Promise<void> {
    const { packageId, gateway, keys, ca, startWorker } = options;
    content = await openContent({
      packageId,
      gateway,
      device: keys,
      ca,
      clock,
      signal: stop.signal,
      startWorker,
      tell,
    });
    if (stop.signal.aborted) return;
    await sendReceipt(content, 'opened');
    watchExpiry(content);
    await (content.manifest.clip.entry === 'still.jpg' ? showStill(content) : showClip(content));
  }

  async function showClip(opened: Content): Promise<void> {
    const { contentType, durationMs } = opened.manifest.clip;
    await feedVideo({
      video,
      contentType,
      durationS: durationMs / 1000,
      reader: createClipReader(opened, stop.signal),
      signal: stop.signal,
      onEnd: () => verifyRest(opened),
    });
  }

  async function showStill(opened: Content): Promise<void> {
    const { firstSegment, segmentCount } = segmentsOfEntry(opened.view.layout, 'still.jpg');
    const parts: Uint8Array[] = [];
    for (let i = 0; i < segmentCount; i += 1)
      parts.push(await opened.read(firstSegment + i, stop.signal));
    const blob = new Blob([concatBytes(...parts)], { type: 'image/jpeg' });
    if (!stop.signal.aborted) tell({ kind: 'still-ready', url: URL.createObjectURL(blob) });
    await verifyRest(opened);
  }

  async function verifyRest(opened: Content): Promise<void> {
    if (restVerified) return;
    restVerified = true;
    await opened.verifyRest(stop.signal);
  }

  /** An open player stops when the licence runs out, as far as a page can be made to. */
  function watchExpiry({ licence }: Content): void {
    const timer = setInterval(() => {
      if (clock() >= new Date(licence.notAfter)) {
        halt({ kind: 'failed', code: 'ERR_SEAL_EXPIRED', detail: licence.notAfter });
      }
    }, 1000);
    stop.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  function fail(error: unknown): void {
    if (stop.signal.aborted) return;
    const known = isSallyportError(error);
    const detail = known ? JSON.stringify(error.detail) : String(error);
    halt({ kind: 'failed', code: known ? error.code : 'ERR_PLAYER_MEDIA', detail });
  }

  function halt(event: PlayerEvent): void {
    stop.abort();
    content?.close();
    releasePicture();
    tell(event);
  }

  function releasePicture(): void {
    if (state.stillUrl !== null) URL.revokeObjectURL(state.stillUrl);
    video.pause();
    video.removeAttribute('src');
    video.load();
  }

  async function close(): Promise<void> {
    const wasPlayable = state.phase === 'playable';
    stop.abort();
    releasePicture();
    tell({ kind: 'closed' });
    await running;
    content?.close();
    if (content !== null && wasPlayable) await sendReceipt(content, 'ended');
  }

  async function sendReceipt(opened: Content, event: PlaybackReceipt['event']): Promise<void> {
    await options.onReceipt?.(await opened.receipt(event, clock()));
  }

  function tell(event: PlayerEvent): void {
    const next = reduce(state, event);
    if (next === state) return;
    state = next;
    options.onState(state);
  }
}
