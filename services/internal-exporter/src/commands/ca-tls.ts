import { randomBytes, webcrypto } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { issueServerCertificate, SallyportError, toPem } from '@sallyport/contracts';
import { writeFileDurably } from '@sallyport/runtime';
import { requireCaPassphrase } from '../config/env.ts';
import { byCommand } from '../store/actors.ts';
import { inTransaction } from '../store/database.ts';
import { openCaKey } from '../store/key-files.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { getSite } from '../store/site.ts';
import { openFields, parseCommand, requireOption, withDatabase, type Command } from './command.ts';

const USAGE = 'exporter ca tls --host NAME[,NAME…] -o FOLDER --by STAFFNUMBER';
const DAY_MS = 86_400_000;
/** Browsers refuse server certificates that live longer than 398 days. */
const VALID_DAYS = 397;
const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** Makes a TLS key and its certificate from the internal CA, for the console or the portal. */
export const caTls: Command = async (args, io) => {
  const text = { type: 'string' } as const;
  const { values } = parseCommand(USAGE, args, {
    options: { host: text, by: text, output: { type: 'string', short: 'o' } },
  });
  const hosts = requireOption(USAGE, '--host', values.host).split(',').map(parseHost);
  const folder = requireOption(USAGE, '-o', values.output);
  const by = requireOption(USAGE, '--by', values.by);
  await withDatabase(io, async ({ config, db }) => {
    const { fields } = await openFields(config);
    const { caCertificate } = await getSite(db);
    const now = new Date();
    const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ]);
    const serial = randomBytes(16);
    const certificate = await issueServerCertificate({
      ca: caCertificate,
      caKey: await openCaKey(config.keyFolder, requireCaPassphrase(config)),
      publicKey: keys.publicKey,
      hosts,
      serial,
      notBefore: new Date(now.getTime() - DAY_MS),
      notAfter: new Date(now.getTime() + VALID_DAYS * DAY_MS),
    });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
    const files = {
      certificateFile: join(folder, 'tls.crt'),
      keyFile: join(folder, 'tls.key'),
      caFile: join(folder, 'ca.crt'),
    };
    await writeFiles(folder, [
      { file: files.keyFile, text: pemKey(pkcs8), mode: 0o600 },
      { file: files.certificateFile, text: toPem(certificate), mode: 0o644 },
      { file: files.caFile, text: toPem(caCertificate), mode: 0o644 },
    ]);
    await inTransaction(db, async (tx) => {
      const actor = await byCommand(tx, fields, by, now);
      const event = { kind: 'tls-certificate.issued', serial: serial.toString('hex') } as const;
      await recordEvent(tx, { at: now, actor, event });
    });
    io.print(files, `${Object.values(files).join('\n')}\nInstall ca.crt in the browsers.`);
  });
};

/**
 * Never overwrites a file.
 *
 * @throws SallyportError ERR_COMMAND_USAGE naming the folder that cannot be written
 */
async function writeFiles(
  folder: string,
  files: readonly { file: string; text: string; mode: number }[],
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const { file, text, mode } of files)
      await writeFileDurably(file, text, { mode, exclusive: true });
  } catch (cause) {
    const fault = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new SallyportError('ERR_COMMAND_USAGE', {
      detail: { folder, fault, usage: USAGE },
      cause,
    });
  }
}

/** @throws SallyportError ERR_COMMAND_USAGE */
function parseHost(value: string): { type: 'dns' | 'ip'; value: string } {
  if (isIP(value) !== 0) return { type: 'ip', value };
  if (HOST.test(value)) return { type: 'dns', value };
  throw new SallyportError('ERR_COMMAND_USAGE', { detail: { host: value, usage: USAGE } });
}

function pemKey(pkcs8: Buffer): string {
  const lines =
    pkcs8
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n') ?? '';
  return `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`;
}
