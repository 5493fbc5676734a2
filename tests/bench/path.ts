import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHops, formatTable, makeClip, openPair, tellStory } from '@sallyport/testkit';

// The whole path on this machine, hop by hop, with the clip of the first run: figures only.
const SECONDS = 8;

const models = process.env['SALLYPORT_MODELS']; // the bench's own setting
const directory = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
await chmod(directory, 0o755); // the database's own user must get through
try {
  const file = join(directory, 'clip.mp4');
  await makeClip(file, { seconds: SECONDS });
  const pair = await openPair({ directory, ...(models === undefined ? {} : { models }) });
  const hops = createHops(() => undefined);
  try {
    const clip = { file, durationMs: SECONDS * 1000 };
    await tellStory(pair, hops, clip, { hasFaceModel: models !== undefined });
  } finally {
    await pair.stop();
    console.log(formatTable(hops.rows));
    const total = hops.rows.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
    console.log(`all hops: ${(total / 1000).toFixed(1)} s for ${SECONDS} s of 1280 × 720 video`);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
