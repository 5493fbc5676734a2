import { selfSignRecord } from '@sallyport/contracts';
import { offerApproverKey } from '../acts/approver-keys.ts';
import { getApproverAccount } from '../acts/find-approver.ts';
import { requireApproverPassphrase } from '../config/env.ts';
import { makeApproverKeyFile } from '../store/approver-key-file.ts';
import { getSite } from '../store/site.ts';
import { openFields, parseCommand, requireOption, withDatabase, type Command } from './command.ts';

const USAGE = 'exporter approver-key create -o FILE --label NAME --by STAFFNUMBER';

/**
 * Makes an approver's signing key in a file and offers its public half, as the console does for a
 * browser: an administrator compares the printed fingerprint with the approver and confirms it.
 */
export const approverKeyCreate: Command = async (args, io) => {
  const { values } = parseCommand(USAGE, args, {
    options: {
      output: { type: 'string', short: 'o' },
      label: { type: 'string' },
      by: { type: 'string' },
    },
  });
  const file = requireOption(USAGE, '-o', values.output);
  const label = requireOption(USAGE, '--label', values.label);
  const by = requireOption(USAGE, '--by', values.by);
  await withDatabase(io, async ({ config, db }) => {
    const { fields } = await openFields(config);
    const passphrase = requireApproverPassphrase(config);
    const { siteId } = await getSite(db);
    const { accountId } = await getApproverAccount(db, fields, by);
    const { privateKey, publicJwk: publicKey } = await makeApproverKeyFile(file, passphrase);
    const now = new Date();
    const payload = { accountId, siteId, label, publicKey, at: now.toISOString() };
    const jws = await selfSignRecord('approver-key', payload, { privateKey, publicKey });
    const { keyId, fingerprint } = await offerApproverKey(db, fields, jws, accountId, now);
    io.print(
      { file, keyId, fingerprint },
      `${file}\nFingerprint, to be read to an administrator, who confirms it in the console (Approver keys):\n${fingerprint}`,
    );
  });
};
