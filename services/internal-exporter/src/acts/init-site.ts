import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import {
  issueCertificate,
  makeCaCertificate,
  SallyportError,
  type PublicJwk,
} from '@sallyport/contracts';
import { byCommand } from '../store/actors.ts';
import { inTransaction, toJson, type Database } from '../store/database.ts';
import { newId } from '../store/ids.ts';
import {
  findOrMakeKeyPair,
  keyFilesIn,
  makeSecretIfMissing,
  openPersonalFields,
} from '../store/key-files.ts';
import { CERTIFICATE_DAYS, storeCertificate } from './certificates.ts';
import { putDefaultPolicy } from './policy.ts';

const DAY_MS = 86_400_000;
const BACKDATED_MS = 3_600_000;
const CA_DAYS = 3650;
const OWN_ROLES = ['seal', 'lane', 'ledger'] as const;

export interface InitOptions {
  readonly siteName: string;
  readonly keyFolder: string;
  readonly passphrase: string;
  readonly caPassphrase: string;
  /** Staff number of the person at the keyboard. */
  readonly by: string;
  /** PBKDF2 rounds of the key files; only tests lower it. */
  readonly keyFileIterations?: number;
}

/**
 * Makes a site: its keys, its CA and the certificates of its own roles, its first policy. Killed
 * half-way, it is run again: key files that exist are used, and the site's row is written last.
 * Answers the site's id.
 *
 * @throws SallyportError ERR_EXPORTER_ALREADY_INITIALISED, ERR_KEY_FILE_*
 */
export async function initSite(db: Database, options: InitOptions, now: Date): Promise<string> {
  if ((await db.site.count()) > 0) throw new SallyportError('ERR_EXPORTER_ALREADY_INITIALISED');
  const { keyFolder, passphrase, keyFileIterations: iterations } = options;
  await mkdir(keyFolder, { recursive: true, mode: 0o700 });
  await makeSecretIfMissing(keyFolder, 'personal', passphrase, randomBytes(32), iterations);
  await makeSecretIfMissing(keyFolder, 'session', passphrase, randomBytes(32), iterations);
  const pair = (name: 'seal' | 'lane' | 'ledger' | 'intake' | 'at-rest' | 'preview') =>
    findOrMakeKeyPair(keyFolder, name, passphrase, iterations);
  const intake = await pair('intake');
  const atRest = await pair('at-rest');
  const preview = await pair('preview');
  const own = { seal: await pair('seal'), lane: await pair('lane'), ledger: await pair('ledger') };
  const siteId = newId();
  const authority = await makeAuthority(options, siteId, now);
  const issue = (role: (typeof OWN_ROLES)[number]) => authority.issue(role, own[role].publicJwk);
  const certificates = {
    seal: await issue('seal'),
    lane: await issue('lane'),
    ledger: await issue('ledger'),
  };
  const fields = await openPersonalFields(keyFilesIn(keyFolder, passphrase));

  await inTransaction(db, async (tx) => {
    await tx.site.create({
      data: {
        siteId,
        siteName: options.siteName,
        caCertificate: authority.certificate,
        sealCertificate: certificates.seal,
        laneCertificate: certificates.lane,
        ledgerCertificate: certificates.ledger,
        intakeKeyId: newId(),
        intakeJwk: toJson(intake.publicJwk),
        atRestKeyId: newId(),
        atRestJwk: toJson(atRest.publicJwk),
        previewKeyId: newId(),
        previewJwk: toJson(preview.publicJwk),
        createdAt: now,
      },
    });
    for (const role of OWN_ROLES) await storeCertificate(tx, certificates[role], now);
    await putDefaultPolicy(tx, await byCommand(tx, fields, options.by, now), now);
  });
  return siteId;
}

async function makeAuthority(options: InitOptions, siteId: string, now: Date) {
  const { keyFolder, caPassphrase, keyFileIterations } = options;
  const { privateKey, publicJwk } = await findOrMakeKeyPair(
    keyFolder,
    'ca',
    caPassphrase,
    keyFileIterations,
  );
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const publicKey = await crypto.subtle.importKey('jwk', publicJwk, algorithm, true, ['verify']);
  const notBefore = new Date(now.getTime() - BACKDATED_MS);
  const ends = (days: number) => new Date(now.getTime() + days * DAY_MS);
  const certificate = await makeCaCertificate({
    keys: { privateKey, publicKey },
    siteId,
    serial: randomBytes(16),
    notBefore,
    notAfter: ends(CA_DAYS),
  });
  const issue = (role: (typeof OWN_ROLES)[number], key: PublicJwk): Promise<string> =>
    issueCertificate({
      ca: certificate,
      caKey: privateKey,
      publicKey: key,
      subjectId: siteId,
      ownerId: siteId,
      role,
      serial: randomBytes(16),
      notBefore,
      notAfter: ends(CERTIFICATE_DAYS[role]),
    });
  return { certificate, issue };
}
