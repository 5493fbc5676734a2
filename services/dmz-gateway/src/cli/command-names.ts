import { createHash, randomBytes } from 'node:crypto';
import type { LedgerActor } from '@sallyport/contracts';
import type { FieldKeys } from '../keys/gateway-keys.ts';
import type { Database } from '../store/database.ts';

/**
 * A person at the command line as an actor: the ledger gets a salted digest, name and salt go into
 * an erasable row of their own.
 */
export async function nameActor(
  db: Database,
  fields: FieldKeys,
  name: string,
  now: Date,
): Promise<Extract<LedgerActor, { kind: 'command' }>> {
  const salt = randomBytes(16).toString('hex');
  const digest = createHash('sha256')
    .update(`${salt}\0${name.normalize('NFC')}`)
    .digest('hex');
  const place = { table: 'command_name', column: 'name', rowId: digest };
  const nameEncrypted = fields.cipher.encrypt(JSON.stringify({ salt, name }), place);
  await db.commandName.create({ data: { digest, nameEncrypted, createdAt: now } });
  return { kind: 'command', digest };
}
