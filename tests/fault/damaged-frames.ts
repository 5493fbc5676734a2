import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { PortalTransferLog } from '@sallyport/contracts';
import { waitFor } from '@sallyport/testkit';
import type { SeenFrame, TappedLane } from '../support/tapped-lane.ts';
import type { Scene } from './lane-scene.ts';

/** Frames whose bits were changed on the way; answers how many there are at each far end. */
export async function layDamagedFrames(scene: Scene): Promise<{ outside: number; inside: number }> {
  const { exportLane, requestLane } = scene;
  const outward = await exportLane.frames();
  const part = outward.find(({ header }) => header.bodyKind === 'package-part');
  const leaves = outward.find(({ header }) => header.bodyKind === 'leaf-table');
  const [record] = outward;
  const [receipt] = await requestLane.frames();
  if (part === undefined || leaves === undefined || record === undefined || receipt === undefined)
    throw new Error('the story sent a package, its leaves and records');
  let outside = 0;
  for (const [frame, places] of [
    [part, [0.0001, 0.02, 0.3, 0.6, 0.9999]],
    [leaves, [0.9]],
    [record, [0, 0.1, 0.5]],
  ] as const)
    for (const place of places) {
      await layFlipped(exportLane, frame, place, `damaged-${outside}.frame`);
      outside += 1;
    }
  await layFlipped(requestLane, receipt, 0.9, 'damaged-0.frame');
  return { outside, inside: 1 };
}

async function layFlipped(
  lane: TappedLane,
  frame: SeenFrame,
  place: number,
  name: string,
): Promise<void> {
  const bytes = await readFile(join(lane.archive, frame.name));
  const bodyStart = bytes.length - frame.body.length;
  // A place in the body where one was asked for beyond the first two bytes' share, else in the header.
  const at = place < 0.001 || frame.body.length < 100 ? 0 : Math.floor(place * bytes.length);
  const position =
    place >= 0.02 && frame.header.bodyKind !== 'record' ? Math.max(bodyStart, at) : at;
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  const folder = `${lane.archive}-damaged`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), bytes);
  await lane.put(name, join(folder, name));
}

/** Once they have rested unchanged long enough. */
export async function refusesDamaged(
  t: Test,
  scene: Scene,
  laid: { outside: number; inside: number },
): Promise<void> {
  const { auditor, directory } = scene;
  const refusedIn = async (spool: string): Promise<number> => {
    const folder = join(directory, 'spool', spool, 'refused');
    const reasons = (await readdir(folder)).filter((name) => name.endsWith('.reason.json'));
    const texts = await Promise.all(reasons.map((name) => readFile(join(folder, name), 'utf8')));
    return texts.filter((text) => text.includes('"name":"damaged-')).length;
  };
  await waitFor(
    'the damaged frames to be set aside',
    async () =>
      (await readdir(join(directory, 'spool', 'export-in'))).some((name) =>
        name.startsWith('damaged-'),
      ) ||
      (await readdir(join(directory, 'spool', 'request-in'))).some((name) =>
        name.startsWith('damaged-'),
      )
        ? null
        : true,
    { timeoutMs: 400_000, everyMs: 1000 },
  );
  t.equal(
    await refusedIn('export-in'),
    laid.outside,
    'outside, each damaged frame is set aside with its reason',
  );
  t.equal(await refusedIn('request-in'), laid.inside, 'inside too');
  const { rows } = await auditor.get<PortalTransferLog>('/v1/transfer-log?limit=500');
  const codes = rows.filter(({ event }) => event === 'lane.refused').map(({ outcome }) => outcome);
  t.comment(`refused outside: ${codes.join(', ')}`);
  t.ok(codes.length >= laid.outside, 'the transfer log has an entry for each, with its code');
  t.ok(codes.includes('ERR_LANE_FRAME_DIGEST') && codes.includes('ERR_LANE_FRAME_FOREIGN'));
}
