import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { ConsoleFootage, ConsoleFootageList } from '@sallyport/contracts';
import { chooseFootage, makeClip, uploadFootage, waitExport } from '@sallyport/testkit';
import { refused } from '../support/refusals.ts';
import { hoursAgo, type World } from '../support/world.ts';

/** Files that are no video, or another file's or address's name in a video's clothes; then the names. */
export async function refusesFootage(
  t: Test,
  world: World,
  exportId: string,
  startsAt: Date,
): Promise<void> {
  const { end, directory } = world;
  const operator = end.staff.operator.client;
  const asked = { count: 0 };
  const server = createServer((_, response) => {
    asked.count += 1;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/secret.ts`;
  const target = world.clip.file;
  const disguised: readonly (readonly [string, string])[] = [
    ['concat list', `ffconcat version 1.0\nfile '${target}'\n`],
    ['HLS playlist', `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${url}\n#EXT-X-ENDLIST\n`],
    ['HLS playlist of a file', `#EXTM3U\n#EXTINF:2,\nfile://${target}\n#EXT-X-ENDLIST\n`],
    ['subtitle', `1\n00:00:00,000 --> 00:00:02,000\n${target}\n`],
    ['text', 'not a video at all\n'],
  ];
  const before = await operator.get<ConsoleFootageList>('/v1/footage');
  for (const [what, text] of disguised) {
    const file = join(directory, `${what.replaceAll(' ', '-')}.mp4`);
    await writeFile(file, text);
    const footage = await uploadFootage(operator, end.cameraId, file, startsAt.toISOString());
    const code = await refusalOf(world, exportId, footage);
    t.match(
      code,
      /ERR_MEDIA_(NOT_VIDEO|UNREADABLE|CODEC_UNSUPPORTED)/,
      `a ${what} disguised as a video is refused`,
    );
    const { rows } = await operator.get<ConsoleFootageList>('/v1/footage');
    const row = rows.find(({ footageId }) => footageId === footage.footageId);
    t.match(row, { state: 'refused', failure: code }, `${what}: the footage list says why`);
  }
  t.equal(asked.count, 0, 'no address in a playlist was ever asked');

  const empty = join(directory, 'empty.mp4');
  await writeFile(empty, '');
  await refused(
    t,
    uploadFootage(operator, end.cameraId, empty, startsAt.toISOString()),
    'ERR_MEDIA_EMPTY',
    'a file of no bytes is refused',
  );
  const cut = join(directory, 'cut.mp4');
  await makeClip(cut, { width: 320, height: 240, seconds: 2 });
  // The index of this file stands at its end: without it nothing can be read.
  await truncate(cut, 20_000);
  const truncated = await uploadFootage(operator, end.cameraId, cut, startsAt.toISOString());
  t.match(
    await refusalOf(world, exportId, truncated),
    /^ERR_MEDIA_/,
    'a file cut in the middle is refused with a code',
  );

  for (const [what, name] of [
    ['a path upwards', '../../etc/passwd'],
    ['a NUL', 'clip\u0000.mp4'],
    ['a turned text direction', 'clip\u202E4pm.exe'],
    ['300 characters', `${'긴'.repeat(296)}.mp4`],
  ] as const) {
    const named = operator.upload<ConsoleFootage>(
      '/v1/footage',
      { cameraId: end.cameraId, startsAt: startsAt.toISOString(), name },
      { name: 'clip.mp4', content: new Blob(['x']) },
    );
    await refused(t, named, 'ERR_FOOTAGE_NAME_INVALID', `a name with ${what} is refused`);
  }
  await refused(
    t,
    uploadFootage(operator, 'ab'.repeat(16), world.clip.file, hoursAgo(3).toISOString()),
    'ERR_FOOTAGE_CAMERA_UNKNOWN',
    'footage of a camera nobody registered is refused',
  );
  const after = await operator.get<ConsoleFootageList>('/v1/footage');
  const kept = new Set(after.rows.map(({ footageId }) => footageId));
  t.ok(
    before.rows.every(({ footageId }) => kept.has(footageId)),
    'the footage that was there before is all there',
  );
}

/** Chooses footage for an export that waits for some, and answers the code it is refused with. */
async function refusalOf(world: World, exportId: string, footage: ConsoleFootage): Promise<string> {
  const operator = world.end.staff.operator.client;
  await chooseFootage(operator, exportId, footage.footageId, ['motion']);
  const outcome = await waitExport(operator, exportId, ['mask-review']).then(
    () => 'taken',
    (error: unknown) => String(error),
  );
  return /ERR_[A-Z_]+/.exec(outcome)?.[0] ?? outcome;
}
