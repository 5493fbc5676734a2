import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { PortalTransferLog } from '@sallyport/contracts';
import { frameFileName, makeFrame } from '@sallyport/lane';
import { readKeyFile } from '@sallyport/runtime';
import { randomId, waitFor } from '@sallyport/testkit';
import type { Scene } from './lane-scene.ts';

/** Somebody holds the lane's key and sends packages with one bit changed: verified, and kept out. */
export async function forges(t: Test, scene: Scene): Promise<void> {
  const { exportLane, end, auditor, directory, pair } = scene;
  await pair.services.exporter?.stop();
  const frames = await exportLane.frames();
  const part = frames.find(
    ({ header }) =>
      header.transfer?.packageId === end.packageId && header.bodyKind === 'package-part',
  );
  if (part === undefined) throw new Error('the first package went in one part');
  const signer = await laneSigner(directory, part.certificate);
  let { seq } = frames.reduce((last, frame) =>
    frame.header.seq > last.header.seq ? frame : last,
  ).header;
  const sent = new Map<string, string>();
  const whole = part.body.length;
  for (const [what, change] of [
    ['magic', flipAt(0)],
    ['header’s length', flipAt(15)],
    ['header', flipAt(600)],
    ['first third', flipAt(Math.floor(whole / 3))],
    ['middle', flipAt(Math.floor(whole / 2))],
    ['last byte', flipAt(whole - 1)],
    ['cut by one byte', (bytes: Uint8Array) => bytes.slice(0, -1)],
    ['one byte more', (bytes: Uint8Array) => Uint8Array.from([...bytes, 0])],
    ['nothing but its id', (bytes: Uint8Array) => bytes],
  ] as const) {
    const body = change(Uint8Array.from(part.body));
    const packageId = randomId();
    seq += 1;
    const transfer = { packageId, partIndex: 0, partCount: 1, totalSizeBytes: body.length };
    const frame = await makeFrame(
      {
        lane: 'export',
        senderId: part.header.senderId,
        epoch: part.header.epoch,
        seq,
        bodyKind: 'package-part',
        transfer,
        at: new Date().toISOString(),
      },
      body,
      signer,
    );
    const file = join(directory, `forged-${seq}.frame`);
    await writeFile(file, frame.bytes);
    await exportLane.put(frameFileName(frame), file);
    sent.set(packageId, what);
  }
  const verdicts = await waitFor('a verdict on every forged package', async () => {
    const { rows } = await auditor.get<PortalTransferLog>('/v1/transfer-log?limit=500');
    const found = rows.filter(
      ({ event, packageId }) => event === 'package.quarantined' && sent.has(packageId ?? ''),
    );
    return found.length === sent.size ? found : null;
  });
  for (const { packageId, outcome } of verdicts)
    t.match(
      outcome,
      /^ERR_/,
      `a package changed in its ${sent.get(packageId ?? '') ?? ''} is quarantined (${outcome ?? ''})`,
    );
  const admitted = await readdir(join(directory, 'dmz', 'packages'));
  t.ok(
    [...sent.keys()].every((id) => !admitted.includes(`${id}.sealed`)),
    'none of them lies among the admitted packages',
  );
  t.ok(admitted.includes(`${end.packageId}.sealed`), 'the true one still does');
}

function flipAt(position: number): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    bytes[position] = (bytes[position] ?? 0) ^ 1;
    return bytes;
  };
}

async function laneSigner(
  directory: string,
  certificate: string,
): Promise<{ privateKey: CryptoKey; certificate: string }> {
  const internal = join(directory, 'internal');
  const passphrase = (await readFile(join(internal, 'passphrase'), 'utf8')).trim();
  const jwk = await readKeyFile(join(internal, 'keys', 'lane.key'), passphrase);
  const { crv = '', kty = '', x = '', y = '', d = '' } = jwk;
  const privateKey = await crypto.subtle.importKey(
    'jwk',
    { crv, kty, x, y, d },
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  );
  return { privateKey, certificate };
}
