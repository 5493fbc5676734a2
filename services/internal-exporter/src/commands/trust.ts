import { readFile } from 'node:fs/promises';
import { groupFingerprint, SallyportError } from '@sallyport/contracts';
import { writeFileDurably } from '@sallyport/runtime';
import { issueOrderedCertificates } from '../acts/certificates.ts';
import { exportTrust, importTrust } from '../acts/trust.ts';
import { requireCaPassphrase } from '../config/env.ts';
import { byCommand } from '../store/actors.ts';
import { inTransaction } from '../store/database.ts';
import { openCaKey } from '../store/key-files.ts';
import { openFields, parseCommand, requireOption, withDatabase, type Command } from './command.ts';

const EXPORT_USAGE = 'exporter trust export -o FILE --by STAFFNUMBER';
const IMPORT_USAGE =
  'exporter trust import FILE --fingerprint HEX --by STAFFNUMBER --witness STAFFNUMBER';
const ISSUE_USAGE = 'exporter ca issue --by STAFFNUMBER';
const LARGEST_BUNDLE_BYTES = 16_384;

/** Writes what the gateway must trust, and prints the fingerprint to read out over another channel. */
export const trustExport: Command = async (args, io) => {
  const { values } = parseCommand(EXPORT_USAGE, args, {
    options: { output: { type: 'string', short: 'o' }, by: { type: 'string' } },
  });
  const file = requireOption(EXPORT_USAGE, '-o', values.output);
  const by = requireOption(EXPORT_USAGE, '--by', values.by);
  await withDatabase(io, async ({ config, db }) => {
    const caKey = await openCaKey(config.keyFolder, requireCaPassphrase(config));
    const { fields } = await openFields(config);
    const { jws, fingerprint } = await exportTrust(db, fields, { caKey, by }, new Date());
    await writeFileDurably(file, `${jws}\n`, { mode: 0o644 });
    io.print(
      { file, fingerprint },
      `${file}\nFingerprint, to be compared by two people:\n${groupFingerprint(fingerprint)}`,
    );
  });
};

/** Pins a gateway. Its certificates are issued at once where the CA's passphrase is at hand. */
export const trustImport: Command = async (args, io) => {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseCommand(IMPORT_USAGE, args, {
    allowPositionals: true,
    options: { fingerprint: text, by: text, witness: text },
  });
  const file = requireOption(IMPORT_USAGE, 'FILE', positionals[0]);
  const act = {
    fingerprint: requireOption(IMPORT_USAGE, '--fingerprint', values.fingerprint),
    by: requireOption(IMPORT_USAGE, '--by', values.by),
    witness: requireOption(IMPORT_USAGE, '--witness', values.witness),
  };
  await withDatabase(io, async ({ config, db }) => {
    const { fields } = await openFields(config);
    const now = new Date();
    const { gatewayId, entries } = await importTrust(db, fields, await readBundle(file), act, now);
    const { caPassphrase } = config;
    const actor = await inTransaction(db, (tx) => byCommand(tx, fields, act.by, now));
    const issued =
      caPassphrase === null
        ? 0
        : await issueOrderedCertificates(
            db,
            () => openCaKey(config.keyFolder, caPassphrase),
            actor,
            now,
          );
    const next =
      issued === 0
        ? 'Its certificates are ordered: exporter ca issue.'
        : 'Its certificates are issued.';
    io.print({ gatewayId, entries, issued }, `Gateway ${gatewayId} is trusted. ${next}`);
  });
};

/** Issues every ordered certificate: for sites whose running service does not hold the CA's passphrase. */
export const caIssue: Command = async (args, io) => {
  const { values } = parseCommand(ISSUE_USAGE, args, { options: { by: { type: 'string' } } });
  const by = requireOption(ISSUE_USAGE, '--by', values.by);
  await withDatabase(io, async ({ config, db }) => {
    const { fields } = await openFields(config);
    const passphrase = requireCaPassphrase(config);
    const now = new Date();
    const actor = await inTransaction(db, (tx) => byCommand(tx, fields, by, now));
    const issued = await issueOrderedCertificates(
      db,
      () => openCaKey(config.keyFolder, passphrase),
      actor,
      now,
    );
    io.print({ issued }, `${issued} certificate(s) issued.`);
  });
};

async function readBundle(file: string): Promise<string> {
  const bytes = await readFile(file);
  if (bytes.length <= LARGEST_BUNDLE_BYTES) return bytes.toString('utf8');
  throw new SallyportError('ERR_RECORD_TOO_LARGE', {
    detail: { limitBytes: LARGEST_BUNDLE_BYTES },
  });
}
