import type { Writable } from 'node:stream';
import { SallyportError, type ProbeReport } from '@sallyport/contracts';
import { writeToFfmpeg, type FfmpegRun } from '../ffmpeg.ts';
import { assertNotCancelled } from '../frames/decode.ts';
import type { TimeBase } from '../nut/nut-format.ts';
import { nutFrameHeader, nutHeader, type NutPicture } from '../nut/nut-writer.ts';
import { h264Level } from './level.ts';

/** Longest time between two fragments of a released clip: what a player must fetch before it can start. */
const FRAGMENT_SECONDS = 1;
const COLOUR_NAMES = new Set([
  'bt709',
  'smpte170m',
  'bt470bg',
  'bt470m',
  'smpte240m',
  'bt2020nc',
  'bt2020',
]);

interface EncodedPicture {
  readonly width: number;
  readonly height: number;
  readonly probe: ProbeReport;
  /** x264 quality: lower is better and larger. */
  readonly quality?: number | undefined;
}

/**
 * Writes frames to a fragmented H.264 MP4. One frame is on its way to the encoder while the next is prepared;
 * its buffer must stay untouched until the second `write` after it.
 */
export class FrameEncoder {
  readonly #output: string;
  readonly #picture: EncodedPicture;
  readonly #signal: AbortSignal | undefined;
  #run: (FfmpegRun & { readonly input: Writable }) | null = null;
  #inFlight: Promise<void> = Promise.resolve();
  #fail: (fault: unknown) => void = () => undefined;
  #fault: unknown = null;
  readonly #cancel = () => {
    this.#run?.kill();
  };

  constructor(output: string, picture: EncodedPicture, signal: AbortSignal | undefined) {
    this.#output = output;
    this.#picture = picture;
    this.#signal = signal;
  }

  /**
   * @throws SallyportError `ERR_MEDIA_ENCODE_FAILED` when the encoder has died: never waits for a dead one;
   * `ERR_MEDIA_CANCELLED`
   */
  async write(pixels: Uint8Array, pts: number, timeBase: TimeBase): Promise<void> {
    const input = (this.#run ?? (await this.#start(timeBase))).input;
    await this.#inFlight;
    this.#assertAlive();
    this.#inFlight = new Promise((resolve, reject) => {
      this.#fail = reject;
      input.write(nutFrameHeader(pts, pixels.length));
      input.write(pixels, (fault) => {
        if (fault === null || fault === undefined) resolve();
        else reject(this.#asEncodeError(fault));
      });
    });
    // Seen by the next write or by finish(); until then it must not count as unhandled.
    this.#inFlight.catch(() => undefined);
  }

  /** Waits until the file is complete. */
  async finish(): Promise<void> {
    const run = this.#run;
    if (run === null)
      throw new SallyportError('ERR_MEDIA_ENCODE_FAILED', { detail: { fault: 'no frame' } });
    await this.#inFlight;
    this.#assertAlive();
    run.input.end();
    try {
      await run.done;
    } catch (cause) {
      throw this.#asEncodeError(cause);
    } finally {
      this.#signal?.removeEventListener('abort', this.#cancel);
    }
  }

  /** Ends the encoder at once, leaving a file of no use. */
  abort(): void {
    this.#signal?.removeEventListener('abort', this.#cancel);
    this.#run?.kill();
  }

  async #start(timeBase: TimeBase): Promise<FfmpegRun & { readonly input: Writable }> {
    const { width, height, probe } = this.#picture;
    const picture: NutPicture = { width, height, timeBase, sampleAspect: probe.sampleAspect };
    const run = await writeToFfmpeg(
      {
        inputOptions: ['-protocol_whitelist', 'pipe', '-format_whitelist', 'nut', '-f', 'nut'],
        outputOptions: ['-map', '0:v:0', ...encodeArguments(this.#picture, timeBase)],
      },
      this.#output,
    );
    this.#run = run;
    run.done.catch((cause: unknown) => {
      this.#fault = cause;
      this.#fail(this.#asEncodeError(cause));
    });
    this.#signal?.addEventListener('abort', this.#cancel, { once: true });
    run.input.write(nutHeader(picture));
    return run;
  }

  #assertAlive(): void {
    assertNotCancelled(this.#signal);
    if (this.#fault !== null) throw this.#asEncodeError(this.#fault);
  }

  #asEncodeError(cause: unknown): SallyportError {
    if (this.#signal?.aborted === true) return new SallyportError('ERR_MEDIA_CANCELLED', { cause });
    return new SallyportError('ERR_MEDIA_ENCODE_FAILED', { cause });
  }
}

/** The argument list is a golden in the tests. */
export function encodeArguments(picture: EncodedPicture, timeBase?: TimeBase): string[] {
  const { width, height, probe, quality = 21 } = picture;
  const timescale =
    timeBase?.numerator === 1 ? ['-video_track_timescale', `${timeBase.denominator}`] : [];
  return [
    ...['-an', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact'],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '-1', ...timescale],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', `${quality}`, '-pix_fmt', 'yuv420p'],
    // Without B-frames every frame's decoding time is its presentation time: no edit list, no offset at the start.
    ...[
      '-profile:v',
      'high',
      '-level:v',
      h264Level(width, height, probe.averageRate),
      '-bf',
      '0',
      '-g',
      '600',
    ],
    ...['-x264-params', 'scenecut=0:open-gop=0', '-forced-idr', '1'],
    ...[
      '-force_key_frames',
      `expr:if(isnan(prev_forced_t),1,gte(t-prev_forced_t,${FRAGMENT_SECONDS}))`,
    ],
    ...colourArguments(probe),
    // Type 6: the encoder's own note about itself.
    ...['-bsf:v', 'filter_units=remove_types=6'],
    ...['-movflags', '+empty_moov+default_base_moof+frag_keyframe', '-f', 'mp4'],
  ];
}

function colourArguments(probe: ProbeReport): string[] {
  const named = [
    ['-colorspace', probe.colourSpace],
    ['-color_primaries', probe.colourPrimaries],
    ['-color_trc', probe.colourTransfer],
  ] as const;
  const known = named.flatMap(([option, name]) =>
    name !== undefined &&
    COLOUR_NAMES.has(name) &&
    !(option === '-color_trc' && name.startsWith('bt470'))
      ? [option, name]
      : [],
  );
  return ['-color_range', 'tv', ...known];
}
