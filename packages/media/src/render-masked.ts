import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  parseMaskPlan,
  SallyportError,
  type MaskCheck,
  type MaskPlan,
  type MediaConversion,
  type PartialMedia,
  type ProbeReport,
} from '@sallyport/contracts';
import { conversionsOf } from './conversions.ts';
import { readCodecString } from './encode/codec-string.ts';
import { FrameEncoder } from './encode/encode.ts';
import { decodeFrames, newOutcome, type DecodeOutcome } from './frames/decode.ts';
import { even, type MediaRange } from './frames/frame.ts';
import { pictureMaker } from './frames/picture.ts';
import { renderShape } from './frames/shapes.ts';
import { checkMasked } from './mask/check-masked.ts';
import { Masker } from './mask/masker.ts';
import { openResidualSearch } from './mask/residual-search.ts';
import { probeFile, type ProbedFile } from './probe/probe.ts';
import { reporter, type MediaTask } from './task.ts';
import { renderWithMark, type MarkOutcome, type WantedMark } from './watermark/mark-render.ts';
import type { Marker } from './watermark/marker.ts';

export interface RenderOptions extends MediaTask {
  /** The same range the plan was made for. */
  readonly range?: MediaRange | undefined;
  /** Folder with the model files: faces and plates are searched for again in the finished clip. */
  readonly modelDirectory?: string | undefined;
  /** Marked after masking: masked places carry the mark too, well below what the self-check allows them. */
  readonly watermark?: WantedMark | undefined;
}

export interface RenderedClip {
  /** For `video/mp4; codecs="…"`: the exact string of the written stream, such as avc1.64001f. */
  readonly codec: string;
  readonly frameCount: number;
  readonly durationMs: number;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly width: number;
  readonly height: number;
  readonly conversions: MediaConversion[];
  readonly partial: PartialMedia | null;
  /** Frames masked by each track, by track id. */
  readonly maskedFrames: ReadonlyMap<string, number>;
  readonly probe: ProbeReport;
  readonly check: MaskCheck;
  readonly watermark: MarkOutcome;
}

/**
 * One pass decode → mask → encode into a fragmented H.264 MP4 without sound or metadata, then the self-check
 * and a search for what the masks left open. `output` appears only when the check has passed; it is durable by then.
 *
 *   ffmpeg ─► frame + time ─► mask, mark in place ─► frame + time ─► ffmpeg ─► output.part ─► check ─► output
 *
 * @throws SallyportError `ERR_MEDIA_PLAN_INVALID`, `ERR_MEDIA_PLAN_MISMATCH`, `ERR_MEDIA_MASK_CHECK_FAILED`,
 * `ERR_MEDIA_FIGURE_UNCOVERED`, `ERR_MEDIA_ENCODE_FAILED`, `ERR_MEDIA_CANCELLED` and those of models, probe and
 * decoding
 */
export async function renderMasked(
  input: string,
  plan: MaskPlan,
  output: string,
  options: RenderOptions = {},
): Promise<RenderedClip> {
  const checkedPlan = parseMaskPlan(plan);
  const source = await probeFile(input, options);
  assertSamePicture(checkedPlan, source.report);
  const part = `${output}.part`;
  const residual = await openResidualSearch(checkedPlan, options.modelDirectory);
  try {
    const picture = { width: even(source.report.width), height: even(source.report.height) };
    const { rendered, outcome: watermark } = await renderWithMark(
      options.watermark,
      picture,
      part,
      (marker) => encodeMasked(source, checkedPlan, part, marker, options),
      options.signal,
    );
    const { outcome, masker } = rendered;
    const check = await checkMasked(input, part, checkedPlan, { ...options, residual });
    if (!check.passed) throw checkFailed(check);
    residual.assertCovered();
    const clip = await describe(part, source.report, outcome);
    await publish(part, output);
    const { targets, framesSearched, seenInMasks } = residual;
    const found = { targets: [...targets], framesSearched, seenInMasks };
    const { maskedFrames } = masker;
    return { ...clip, maskedFrames, check: { ...check, residual: found }, watermark };
  } finally {
    await residual.close();
    await rm(part, { force: true });
  }
}

async function encodeMasked(
  source: ProbedFile,
  plan: MaskPlan,
  part: string,
  marker: Marker | null,
  options: RenderOptions,
): Promise<{ outcome: DecodeOutcome; masker: Masker }> {
  const outcome = newOutcome();
  const masker = new Masker(plan);
  const width = even(source.report.width);
  const height = even(source.report.height);
  const encoder = new FrameEncoder(part, { width, height, probe: source.report }, options.signal);
  const evenPicture = pictureMaker(source.report);
  const report = reporter('render', plan.durationMs, options.onProgress);
  try {
    for await (const frame of decodeFrames(
      source,
      { shape: renderShape(source.report), ...options },
      outcome,
    )) {
      const picture = evenPicture(frame);
      masker.mask(picture, frame.ptsMs);
      marker?.mark(picture.pixels.subarray(0, width * height), frame.ptsMs);
      await encoder.write(picture.pixels, frame.pts, frame.timeBase);
      report(frame.index + 1, frame.ptsMs);
    }
    await encoder.finish();
  } finally {
    encoder.abort();
  }
  return { outcome, masker };
}

function assertSamePicture(plan: MaskPlan, probe: ProbeReport): void {
  if (plan.width === probe.width && plan.height === probe.height) return;
  throw new SallyportError('ERR_MEDIA_PLAN_MISMATCH', {
    detail: { plan: `${plan.width}x${plan.height}`, footage: `${probe.width}x${probe.height}` },
  });
}

function checkFailed(check: MaskCheck): SallyportError {
  const first = check.faults[0];
  return new SallyportError('ERR_MEDIA_MASK_CHECK_FAILED', {
    detail: {
      fault: first?.fault ?? 'nothing checked',
      atMs: first?.atMs ?? 0,
      trackId: first?.trackId ?? '',
      faults: check.faults.length,
    },
  });
}

async function describe(part: string, probe: ProbeReport, outcome: DecodeOutcome) {
  return {
    codec: await readCodecString(part),
    frameCount: outcome.frames,
    durationMs: outcome.durationMs,
    sha256: await fileSha256(part),
    sizeBytes: (await stat(part)).size,
    width: even(probe.width),
    height: even(probe.height),
    conversions: conversionsOf(probe, outcome),
    partial: outcome.partial,
    probe,
  };
}

async function fileSha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer); // a binary stream yields buffers
  return hash.digest('hex');
}

async function publish(part: string, output: string): Promise<void> {
  await syncPath(part);
  await rename(part, output);
  await syncPath(dirname(output));
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
