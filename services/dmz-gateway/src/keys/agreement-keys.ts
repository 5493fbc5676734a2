import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SallyportError, type AgreementKey } from '@sallyport/contracts';
import { readKeyFile, syncFolder, writeKeyFile } from '@sallyport/runtime';
import type { GatewayConfig } from '../config/environment.ts';
import { pathsOf } from '../config/paths.ts';
import { epochEndsAt } from '../domain/epochs.ts';
import type { Database, Transaction } from '../store/database.ts';
import { keyOptions } from './gateway-keys.ts';
import { importPrivateKey, makeKeyPair, publicHalf } from './key-pairs.ts';

/**
 * The key of one epoch, made when it is missing: file first, row second, so that a row never names
 * a key that does not exist. A file without a row (killed in between) is taken over.
 */
export async function ensureAgreementKey(
  db: Database,
  config: GatewayConfig,
  epoch: number,
  now: Date,
): Promise<AgreementKey> {
  const known = await db.agreementEpoch.findUnique({ where: { epoch } });
  if (known === null) {
    const path = agreementKeyFile(config, epoch);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const { privateJwk } = await makeKeyPair('agree');
    await writeKeyFile(path, privateJwk, config.passphrase, keyOptions(config)).catch(
      ignoreExisting,
    );
    const jwk = publicHalf(await readKeyFile(path, config.passphrase));
    await db.agreementEpoch.createMany({
      data: [{ epoch, jwk, notAfter: epochEndsAt(epoch), createdAt: now }],
      skipDuplicates: true,
    });
  }
  const row = await db.agreementEpoch.findUniqueOrThrow({ where: { epoch } });
  return { epoch, jwk: publicHalf(row.jwk as JsonWebKey), notAfter: row.notAfter.toISOString() };
}

/** Opens private keys by epoch. @throws SallyportError ERR_LICENCE_EPOCH once one is destroyed */
export type AgreementKeyRing = (db: Database | Transaction, epoch: number) => Promise<CryptoKey>;

/** Keeps opened keys, as opening one costs a passphrase's stretching; a destroyed one is let go. */
export function createKeyRing(config: GatewayConfig): AgreementKeyRing {
  const opened = new Map<number, Promise<CryptoKey>>();
  return async (db, epoch) => {
    const row = await db.agreementEpoch.findUnique({ where: { epoch } });
    if (row === null || row.destroyedAt !== null) {
      opened.delete(epoch);
      throw new SallyportError('ERR_LICENCE_EPOCH', { detail: { epoch } });
    }
    const known = opened.get(epoch);
    if (known !== undefined) return known;
    const opening = readKeyFile(agreementKeyFile(config, epoch), config.passphrase).then((jwk) =>
      importPrivateKey(jwk, 'agree'),
    );
    opened.set(epoch, opening);
    // A failed opening must be tried again, not remembered.
    opening.catch(() => opened.delete(epoch));
    return opening;
  };
}

/** Destroys an epoch's private key: whatever was ever wrapped to it stays closed, in every copy. */
export async function destroyAgreementKey(
  db: Database,
  config: GatewayConfig,
  epoch: number,
  now: Date,
): Promise<void> {
  const path = agreementKeyFile(config, epoch);
  await rm(path, { force: true });
  await syncFolder(dirname(path));
  await db.agreementEpoch.update({ where: { epoch }, data: { destroyedAt: now } });
}

function agreementKeyFile(config: GatewayConfig, epoch: number): string {
  return join(pathsOf(config.dataDir).agreementKeys, `${epoch}.key`);
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof SallyportError) || error.code !== 'ERR_FILE_EXISTS') throw error;
}
