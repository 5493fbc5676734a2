import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  certificateId,
  issueCertificate,
  sha256Hex,
  type CertificateRole,
  type PublicJwk,
  type RecordSigner,
} from '@sallyport/contracts';
import { jobRoots } from '@sallyport/internal-exporter/pipeline/job-folder.js';
import { initSite } from '@sallyport/internal-exporter/acts/init-site.js';
import { storeCertificate } from '@sallyport/internal-exporter/acts/certificates.js';
import {
  inTransaction,
  openDatabase,
  type Database,
} from '@sallyport/internal-exporter/store/database.js';
import { openFilePlaces, type FilePlaces } from '@sallyport/internal-exporter/store/file-places.js';
import { newId } from '@sallyport/internal-exporter/store/ids.js';
import {
  keyFilesIn,
  openCaKey,
  openPersonalFields,
  type KeyFiles,
} from '@sallyport/internal-exporter/store/key-files.js';
import type { PersonalFields } from '@sallyport/internal-exporter/store/personal-fields.js';
import { getSite, type Site } from '@sallyport/internal-exporter/store/site.js';
import { applyMigrations, createLogger, startPostgres } from '@sallyport/runtime';

/** The part of a test that this needs. */
interface Ends {
  teardown(end: () => Promise<void>): void;
}

const ITERATIONS = 1_000;
export const DAY_MS = 86_400_000;
const MIGRATIONS = fileURLToPath(
  new URL('../prisma/migrations/', import.meta.resolve('@sallyport/internal-exporter/exporter.js')),
);
export const logger = createLogger({ service: 'test', level: 'silent' });

/** A person inside: an account and, where asked for, an approver's certified key. */
export interface Person {
  readonly accountId: string;
  readonly personId: string;
  readonly signer: RecordSigner;
  readonly certificateId: string;
}

/** A whole site in a temporary folder with a real database; gone when the test ends. */
export interface SiteFixture {
  readonly folder: string;
  readonly db: Database;
  readonly site: Site;
  readonly keys: KeyFiles;
  readonly personal: PersonalFields;
  readonly places: FilePlaces;
  readonly issue: (role: Exclude<CertificateRole, 'ca'>, who: Holder) => Promise<Issued>;
  readonly addPerson: (role: 'operator' | 'approver', personId?: string) => Promise<Person>;
}
interface Holder {
  readonly subjectId: string;
  readonly ownerId: string;
}
interface Issued {
  readonly signer: RecordSigner;
  readonly privateKey: CryptoKey;
  readonly certificateId: string;
}

export async function makeSite(t: Ends): Promise<SiteFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'exporter-'));
  await chmod(folder, 0o755);
  const postgres = await startPostgres({ dataDirectory: join(folder, 'postgres'), logger });
  const url = await postgres.createDatabase('sallyport_exporter');
  await applyMigrations(url, MIGRATIONS);
  const db = openDatabase(url);
  t.teardown(async () => {
    await db.$disconnect();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const keyFolder = join(folder, 'keys');
  const passphrase = 'a passphrase of the test';
  const options = {
    keyFolder,
    passphrase,
    caPassphrase: passphrase,
    keyFileIterations: ITERATIONS,
  };
  await initSite(db, { ...options, siteName: '시험 관제센터', by: 'T-1' }, new Date());
  const keys = keyFilesIn(keyFolder, passphrase);
  const site = await getSite(db);
  const caKey = await openCaKey(keyFolder, passphrase);
  const personal = await openPersonalFields(keys);
  const places = await openFilePlaces(join(folder, 'data'));
  t.teardown(() => rm(jobRoots(places, site.siteId)[0], { recursive: true, force: true }));

  const issue = async (role: Exclude<CertificateRole, 'ca'>, who: Holder): Promise<Issued> => {
    const agrees = role === 'device-agree';
    const pair = await crypto.subtle.generateKey(
      { name: agrees ? 'ECDH' : 'ECDSA', namedCurve: 'P-256' },
      true,
      agrees ? ['deriveBits'] : ['sign', 'verify'],
    );
    const now = Date.now();
    const der = await issueCertificate({
      ca: site.caCertificate,
      caKey,
      publicKey: await publicJwk(pair.publicKey),
      ...who,
      role,
      serial: randomBytes(16),
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + 30 * DAY_MS),
    });
    await inTransaction(db, (tx) => storeCertificate(tx, der, new Date()));
    const { privateKey } = pair;
    return {
      privateKey,
      signer: { privateKey, certificate: der },
      certificateId: await certificateId(der),
    };
  };

  const addPerson = async (role: 'operator' | 'approver', personId = newId()): Promise<Person> => {
    const accountId = newId();
    const bytes = new Uint8Array([0]);
    await db.account.create({
      data: {
        ...{ id: accountId, role, state: 'active', personId },
        staffNumberLookup: personal.lookup('staff-number', accountId),
        ...{
          loginLookup: accountId,
          loginEncrypted: bytes,
          nameEncrypted: bytes,
          staffNumberEncrypted: bytes,
        },
        createdAt: new Date(),
      },
    });
    const issued = await issue('approver', { subjectId: accountId, ownerId: personId });
    return { accountId, personId, ...issued };
  };
  return { folder, db, site, keys, personal, places, issue, addPerson };
}

/** A small clip of a still scene with one dark figure that walks through it. */
export async function makeClip(file: string, seconds = 3): Promise<void> {
  const scene = `color=gray:s=320x240:r=10:d=${seconds},noise=alls=3`;
  const walk = 'overlay=x=20+60*t:y=80,format=yuv420p';
  const inputs = [scene, `color=black:s=40x90:r=10:d=${seconds}`].flatMap((input) => [
    '-f',
    'lavfi',
    '-i',
    input,
  ]);
  const child = spawn(
    'ffmpeg',
    ['-loglevel', 'error', '-y', ...inputs, '-filter_complex', walk, file],
    {
      stdio: 'ignore',
    },
  );
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error('ffmpeg failed');
}

export async function digest(text: string): Promise<string> {
  return sha256Hex(new TextEncoder().encode(text));
}

export async function publicJwk(key: CryptoKey): Promise<PublicJwk> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', key);
  return { crv: 'P-256', kty: 'EC', x, y };
}
