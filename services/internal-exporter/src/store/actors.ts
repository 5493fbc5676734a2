import { randomBytes } from 'node:crypto';
import { toBase64url, type LedgerActor } from '@sallyport/contracts';
import { SALT_BYTES, saltedDigest } from '@sallyport/ledger';
import type { Transaction } from './database.ts';
import type { PersonalFields } from './personal-fields.ts';

/** The actor of an act done in a session. */
export function byAccount(accountId: string): LedgerActor {
  return { kind: 'account', id: accountId };
}

/**
 * The digest under which a named person stands in the ledger; name and salt go to the erasable
 * table, so that erasing the row leaves a digest that nobody can guess.
 */
export async function nameInLedger(
  tx: Transaction,
  fields: PersonalFields,
  name: string,
  now: Date,
): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const digest = saltedDigest(name, salt);
  const place = { table: 'ActorName', rowId: digest };
  await tx.actorName.create({
    data: {
      digest,
      saltEncrypted: fields.encrypt(toBase64url(salt), { ...place, column: 'saltEncrypted' }),
      nameEncrypted: fields.encrypt(name, { ...place, column: 'nameEncrypted' }),
      createdAt: now,
    },
  });
  return digest;
}

/** The actor of a command on the host: whoever `--by` names. */
export async function byCommand(
  tx: Transaction,
  fields: PersonalFields,
  name: string,
  now: Date,
): Promise<LedgerActor> {
  return { kind: 'command', digest: await nameInLedger(tx, fields, name, now) };
}
