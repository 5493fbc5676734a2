import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { signRecord, wrapFor, type Licence, type RecordSigner } from '@sallyport/contracts';
import { runStation, sealKeyFile, toPem, writeCertificates } from '@sallyport/station';
import { importDevice } from '@sallyport/station/internal/keys/device.js';
import { writeFile } from 'node:fs/promises';

export const NOW = new Date('2026-11-21T10:00:00.000Z');
export const PASSPHRASE = '긴 암호 하나';
/** The licence share of the vectors' clip.sallypkg. */
export const LICENCE_SHARE = Uint8Array.from({ length: 32 }, (_, i) => (i * 7 + 202) % 256);

interface Actor {
  readonly subjectId: string;
  readonly ownerId: string;
  readonly certificate: string;
  readonly certificateId: string;
  readonly privateKey: JsonWebKey;
}

export const VECTORS = join(rootFolder(), 'tests/vectors/sealed-package');
// The site of the sealed-package vectors, whose keys are for tests only.
export const site = JSON.parse(readFileSync(join(VECTORS, 'site.json'), 'utf8')) as {
  siteId: string;
  gatewayId: string;
  ca: string;
  actors: Record<string, Actor>;
};

export function actor(name: string): Actor {
  const found = site.actors[name];
  if (found === undefined) throw new TypeError(`no actor ${name}`);
  return found;
}

export async function signerOf(name: string): Promise<RecordSigner> {
  const { privateKey, certificate } = actor(name);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  return {
    privateKey: await crypto.subtle.importKey('jwk', privateKey, algorithm, false, ['sign']),
    certificate,
  };
}

/** A folder with ca.pem, a passphrase file, and device 1's key file and certificates. */
export async function stationFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-station-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'ca.pem'), toPem(site.ca));
  await writeFile(join(folder, 'passphrase'), `${PASSPHRASE}\n`);
  await writeFile(join(folder, 'password'), 'password');
  const keys = {
    signing: actor('device-1-sign').privateKey,
    agreement: actor('device-1-agree').privateKey,
  };
  const {
    subjectId: deviceId,
    ownerId: officerId,
    certificate: signCertificate,
  } = actor('device-1-sign');
  const device = await importDevice(
    { deviceId, label: '시험 기기', createdAt: NOW.toISOString() },
    keys,
  );
  const keyFile = join(folder, 'device.key');
  await writeFile(keyFile, await sealKeyFile(device, keys, PASSPHRASE), { mode: 0o600 });
  const agreeCertificate = actor('device-1-agree').certificate;
  await writeCertificates(keyFile, { ...device, officerId, signCertificate, agreeCertificate });
  return folder;
}

/** A licence for device 1, as the gateway signs it. */
export async function licenceFor(
  packageId: string,
  change: Partial<Licence> = {},
): Promise<string> {
  const { subjectId: deviceId, certificateId, privateKey } = actor('device-1-agree');
  const { x = '', y = '' } = privateKey;
  const binding = { purpose: 'licence', context: packageId, keyId: certificateId } as const;
  const licence: Licence = {
    licenceId: '1'.repeat(32),
    packageId,
    deviceId,
    share: await wrapFor({ crv: 'P-256', kty: 'EC', x, y }, LICENCE_SHARE, binding),
    notAfter: '2026-11-30T00:00:00.000Z',
    playsLeft: 3,
    at: NOW.toISOString(),
    ...change,
  };
  return signRecord('licence', licence, await signerOf('gateway'));
}

/** Runs the command as a script does: no terminal, JSON out. */
export async function station(
  args: readonly string[],
  options: { language?: 'ko' | 'en'; interactive?: boolean; now?: Date } = {},
): Promise<{ status: number; out: string; err: string; json: Record<string, unknown> }> {
  const { language = 'en', interactive = false, now = NOW } = options;
  const [stdout, stderr] = [collector(), collector()];
  const terminal = {
    stdin: new PassThrough(),
    stdout: stdout.stream,
    stderr: stderr.stream,
    interactive,
    language,
    now: () => now,
  };
  const status = await runStation(args, terminal);
  const out = stdout.text();
  const json = out.startsWith('{') ? (JSON.parse(out) as Record<string, unknown>) : {};
  return { status, out, err: stderr.text(), json };
}

function collector() {
  const parts: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      parts.push(chunk.toString());
      done();
    },
  });
  return { stream, text: () => parts.join('') };
}

function rootFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'turbo.json'))) folder = dirname(folder);
  return folder;
}
