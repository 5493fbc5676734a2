import { SallyportError } from '@sallyport/contracts';
import { bufferedAhead, planBuffer, type TimeRange } from './buffer-plan.ts';
import type { ClipReader } from './clip-reader.ts';

/** How often a full buffer is looked at again; `timeupdate` comes four times a second. */
const IDLE_MS = 250;

/**
 * Feeds a video element until the signal aborts: appends while little is buffered, waits while much
 * is, drops what lies behind, follows seeks. Rejects at the first segment that does not verify.
 *
 * @param reader Bytes of the clip; every one was verified before it comes here.
 * @throws SallyportError ERR_PLAYER_MEDIA_TYPE, ERR_PLAYER_MEDIA, ERR_SEAL_*
 */
export async function feedVideo(options: {
  video: HTMLVideoElement;
  contentType: string;
  durationS: number;
  reader: ClipReader;
  signal: AbortSignal;
  /** Called each time the end of the clip is buffered. */
  onEnd: () => Promise<void>;
}): Promise<void> {
  const { video, contentType, durationS, reader, signal, onEnd } = options;
  if (!('MediaSource' in globalThis) || !MediaSource.isTypeSupported(contentType)) {
    throw new SallyportError('ERR_PLAYER_MEDIA_TYPE', { detail: { contentType } });
  }
  const source = new MediaSource();
  const url = URL.createObjectURL(source);
  const seek: { to: number | null } = { to: null };
  const onSeeking = () => {
    if (bufferedAhead(rangesOf(buffer), video.currentTime) === 0) seek.to = video.currentTime;
  };
  video.src = url;
  await once(source, 'sourceopen', signal);
  const buffer = source.addSourceBuffer(contentType);
  source.duration = durationS;
  video.addEventListener('seeking', onSeeking, { signal });
  try {
    while (!signal.aborted) {
      requireDecoding(video);
      if (seek.to !== null) {
        const target = seek.to;
        seek.to = null;
        // Forgets half a fragment: the next bytes start a new one. An ended source has none.
        if (source.readyState === 'open') buffer.abort();
        await reader.seek(target);
      }
      await step();
    }
  } finally {
    URL.revokeObjectURL(url);
  }

  async function step(): Promise<void> {
    const plan = planBuffer({
      buffered: rangesOf(buffer),
      currentTime: video.currentTime,
      atEnd: reader.atEnd(),
    });
    switch (plan.kind) {
      case 'evict':
        return change(() => buffer.remove(plan.from, plan.to));
      case 'append': {
        const bytes = await reader.next();
        // A seek that came meanwhile makes these bytes stale; appending them is harmless.
        return bytes === null ? undefined : append(bytes);
      }
      case 'end':
        if (source.readyState === 'open') source.endOfStream();
        await onEnd();
        return idle();
      case 'wait':
        return idle();
    }
  }

  async function append(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (;;) {
      try {
        return await change(() => buffer.appendBuffer(bytes));
      } catch (cause) {
        if (!(cause instanceof DOMException) || cause.name !== 'QuotaExceededError') throw cause;
        const [oldest] = rangesOf(buffer);
        const until = Math.min(video.currentTime - 1, oldest?.end ?? 0);
        if (oldest !== undefined && oldest.start < until)
          await change(() => buffer.remove(oldest.start, until));
        else await idle();
        if (signal.aborted) return;
      }
    }
  }

  /** One change of the buffer, to its end; two at once are an error of the API. */
  async function change(start: () => void): Promise<void> {
    start();
    if (buffer.updating) await once(buffer, 'updateend', signal);
    requireDecoding(video);
  }

  function idle(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  }
}

function requireDecoding({ error }: HTMLVideoElement): void {
  if (error !== null)
    throw new SallyportError('ERR_PLAYER_MEDIA', { detail: { mediaError: error.code } });
}

function rangesOf({ buffered }: SourceBuffer): readonly TimeRange[] {
  return Array.from({ length: buffered.length }, (_, i) => ({
    start: buffered.start(i),
    end: buffered.end(i),
  }));
}

function once(target: EventTarget, type: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    target.addEventListener(type, () => resolve(), { once: true });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
