import { execFile } from 'node:child_process';
import { cp, open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Test } from 'tap';
import type { ConsoleTransferLog, PortalLanes, PortalTransferLog } from '@sallyport/contracts';
import { readKeyFile } from '@sallyport/runtime';
import { findRepository, waitFor } from '@sallyport/testkit';
import { filesBelow } from '../support/two-zones.ts';
import type { World } from '../support/world.ts';

const run = promisify(execFile);

interface Probe {
  readonly streams: readonly { readonly codec_type: string; readonly codec_name: string }[];
  readonly format: { readonly tags?: Readonly<Record<string, string>> };
}

/** The clip as the officer gets it: no sound, nothing of the source's own data, masked where it was to be. */
export async function checksClip(
  t: Test,
  { directory, clip }: Pick<World, 'directory' | 'clip'>,
  played: Uint8Array,
): Promise<void> {
  const file = join(directory, 'played.mp4');
  await writeFile(file, played);
  const source = await probe(clip.file);
  const result = await probe(file);
  t.ok(
    source.streams.some(({ codec_type }) => codec_type === 'audio'),
    'the source has sound',
  );
  t.strictSame(
    result.streams.map(({ codec_type, codec_name }) => [codec_type, codec_name]),
    [['video', 'h264']],
    'the clip has one H.264 picture track and no sound',
  );
  t.match(source.format.tags, { title: 'CAM-TEST' }, 'the source says which camera it is from');
  const text = Buffer.from(played).toString('latin1');
  t.notOk(text.includes('CAM-TEST'), 'nothing in the clip says it');
  t.notOk(
    result.format.tags?.['title'] ?? result.format.tags?.['creation_time'],
    'nor when it was made',
  );

  const [before, after] = await Promise.all([grey(clip.file), grey(file)]);
  t.equal(after.length, before.length, 'the clip has the same pictures, in size and number');
  const masked = compare(before, after, { fromRow: 0, toRow: 16 });
  const open_ = compare(before, after, { fromRow: 40, toRow: 90 });
  t.comment(`masked band: ${JSON.stringify(masked)}; open band: ${JSON.stringify(open_)}`);
  t.ok(open_.difference < 6, 'what was not masked is as it was');
  t.ok(masked.difference > 2 * open_.difference, 'the masked region differs from the source');
  t.ok(masked.detailAfter < masked.detailBefore / 2, 'the detail of the masked region is gone');
}

const WIDTH = 320;
const HEIGHT = 240;

/** Mean difference of two bands of rows, and how much neighbouring pixels differ in each: its detail. */
function compare(
  before: Buffer,
  after: Buffer,
  band: { fromRow: number; toRow: number },
): { difference: number; detailBefore: number; detailAfter: number } {
  let [difference, detailBefore, detailAfter, count] = [0, 0, 0, 0];
  for (let frame = 0; frame + WIDTH * HEIGHT <= before.length; frame += WIDTH * HEIGHT * 10)
    for (let row = band.fromRow; row < band.toRow; row += 1)
      for (let column = 1; column < WIDTH; column += 1) {
        const at = frame + row * WIDTH + column;
        const [b, a] = [before[at] ?? 0, after[at] ?? 0];
        difference += Math.abs(b - a);
        detailBefore += Math.abs(b - (before[at - 1] ?? 0));
        detailAfter += Math.abs(a - (after[at - 1] ?? 0));
        count += 1;
      }
  const mean = (sum: number) => Math.round((100 * sum) / count) / 100;
  return {
    difference: mean(difference),
    detailBefore: mean(detailBefore),
    detailAfter: mean(detailAfter),
  };
}

async function grey(file: string): Promise<Buffer> {
  const { stdout } = await run(
    'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      file,
      '-f',
      'rawvideo',
      '-pix_fmt',
      'gray',
      '-fps_mode',
      'passthrough',
      '-',
    ],
    { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 },
  );
  return stdout;
}

async function probe(file: string): Promise<Probe> {
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-of',
    'json',
    '-show_streams',
    '-show_format',
    file,
  ]);
  return JSON.parse(stdout) as Probe; // ffprobe's own documented form
}

/** After the services have stopped, so that the database's pages are on disk. */
export async function findsNothingInDmz(
  t: Test,
  { directory }: Pick<World, 'directory'>,
  played: Uint8Array,
  words: readonly string[],
): Promise<void> {
  const dmz = join(directory, 'dmz');
  const needles = new Map<string, Buffer>();
  for (const word of words) {
    needles.set(word, Buffer.from(word, 'utf8'));
    needles.set(`${word} (UTF-16)`, Buffer.from(word, 'utf16le'));
    needles.set(`${word} (escaped)`, Buffer.from(escaped(word)));
    needles.set(`${word} (base64)`, Buffer.from(Buffer.from(word).toString('base64').slice(0, -4)));
  }
  const clip = Buffer.from(played);
  for (const part of [0, 0.25, 0.5, 0.75]) {
    const at = Math.floor(clip.length * part);
    needles.set(`bytes of the clip at ${at}`, clip.subarray(at, at + 48));
  }
  needles.set('an unprotected key file', Buffer.from('PRIVATE KEY'));
  for (const [name, secret] of await privateKeysOf(dmz)) {
    needles.set(`the private key ${name}, as text`, Buffer.from(secret));
    needles.set(`the private key ${name}, as bytes`, Buffer.from(secret, 'base64url'));
  }
  const files = await filesBelow(dmz);
  const found: string[] = [];
  for (const file of files) {
    const bytes = await readFile(file);
    for (const [what, needle] of needles)
      if (bytes.includes(needle)) found.push(`${what} in ${file.slice(dmz.length)}`);
  }
  t.ok(
    files.some((file) => file.includes('/pg_wal/')),
    'the database’s files are among those searched',
  );
  t.ok(needles.size > words.length * 4 + 5, 'private keys are among what is searched for');
  t.strictSame(
    found,
    [],
    `${files.length} files of the DMZ hold no name, case, address, clip or open key`,
  );
}

function escaped(word: string): string {
  return word.replaceAll(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Opens every key file with the zone's passphrase: what must not lie anywhere unprotected. */
async function privateKeysOf(dmz: string): Promise<readonly (readonly [string, string])[]> {
  const passphrase = (await readFile(join(dmz, 'passphrase'), 'utf8')).trim();
  const files = (await filesBelow(join(dmz, 'keys'))).filter((file) => file.endsWith('.key'));
  const keys = await Promise.all(
    files.map(async (file) => {
      const { d, k } = await readKeyFile(file, passphrase);
      return [file.slice(dmz.length), d ?? k ?? ''] as const;
    }),
  );
  return keys.filter(([, secret]) => secret.length > 20);
}

/** Both zones' logs tell the same story, as pages and as CSV; both ledgers are proven to the other zone. */
export async function comparesLogs(t: Test, world: World): Promise<void> {
  const { staff, packageId } = world.end;
  const inside = await staff.auditor.client.get<ConsoleTransferLog>('/v1/transfer-log');
  const row = inside.rows.find((each) => each.packageId === packageId);
  t.match(
    row,
    { sealedAt: /Z$/, sentAt: /Z$/, receivedAt: /Z$/, verdict: 'admitted' },
    'inside: sent stands beside received',
  );
  const outside = await world.gatewayAuditor.get<PortalTransferLog>('/v1/transfer-log?limit=500');
  const kinds = new Set(
    outside.rows.filter((each) => each.packageId === packageId).map(({ event }) => event),
  );
  for (const kind of [
    'package.admitted',
    'licence.issued',
    'segments.downloaded',
    'playback.opened',
    'destruction.key-destroyed',
    'destruction.file-gone',
    'destruction.receipt',
  ])
    t.ok(kinds.has(kind), `outside: ${kind} of the first package is in the log`);
  t.ok(
    outside.rows.some(
      ({ event, outcome }) => event === 'licence.refused' && outcome === 'ERR_LICENCE_USED_UP',
    ),
    'outside: denials are in the log with their code',
  );
  for (const [zone, client] of [
    ['inside', staff.auditor.client],
    ['outside', world.gatewayAuditor],
  ] as const) {
    const csv = new TextDecoder().decode(await client.bytes('/v1/transfer-log.csv'));
    t.ok(
      csv.includes(packageId) && csv.trim().split(/\r?\n/).length > 2,
      `${zone}: the CSV has a head and the rows`,
    );
  }
  await waitFor('the outside ledger proven inside', async () => {
    const { peer } = await staff.auditor.client.get<{ peer: { verdict: string } | null }>(
      '/v1/ledger/checkpoint',
    );
    return peer?.verdict === 'verified' ? true : null;
  });
  await waitFor('the inside ledger proven outside, over a lane without gaps', async () => {
    const seen = await world.gatewayAuditor.get<PortalLanes>('/v1/lanes');
    const { verdict } = seen.internalLedger;
    return verdict === 'verified' && seen.exportLane.gaps.length === 0 ? true : null;
  });
  t.pass('both ledgers are proven to the other zone; a lane that lost nothing shows no gap');
}

/** `ledger-fsck` on both zones' ledgers, with the CA; then on a copy with one byte changed. */
export async function checksLedgers(
  t: Test,
  { directory }: Pick<World, 'directory'>,
  ca: string,
): Promise<void> {
  const caFile = join(directory, 'ca.der');
  await writeFile(caFile, Buffer.from(ca, 'base64'));
  for (const zone of ['internal', 'dmz']) {
    const ledger = join(directory, zone, 'ledger');
    const sound = await fsck(ledger, caFile);
    t.equal(sound.code, 0, `the ledger of ${zone} is sound`, { output: sound.output });
    const copy = join(directory, `${zone}-ledger-copy`);
    await cp(ledger, copy, { recursive: true });
    await flipOneByte(await largestFile(copy));
    t.equal((await fsck(copy, caFile)).code, 1, `one changed byte makes a copy of it unsound`);
  }
}

async function fsck(folder: string, caFile: string): Promise<{ code: number; output: string }> {
  const script = join(findRepository(), 'packages/ledger/bin/ledger-fsck.mjs');
  return run(process.execPath, [script, folder, '--ca', caFile, '--json']).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    // execFile's own error carries the exit status and what was printed.
    (error: unknown) => {
      const { code = -1, stdout = '' } = error as { code?: number; stdout?: string };
      return { code, output: stdout };
    },
  );
}

async function largestFile(folder: string): Promise<string> {
  const files = await filesBelow(folder);
  const sized = await Promise.all(
    files.map(async (file) => [(await stat(file)).size, file] as const),
  );
  const [, largest = ''] = sized.toSorted(([a], [b]) => b - a)[0] ?? [];
  return largest;
}

/** Changes one bit in the middle of a file. */
export async function flipOneByte(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const at = Math.floor(size / 2);
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ 1;
    await file.write(byte, 0, 1, at);
  } finally {
    await file.close();
  }
}
