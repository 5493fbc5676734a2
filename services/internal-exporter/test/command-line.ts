import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '@sallyport/internal-exporter/commands/command.js';
import { writeKeyFile } from '@sallyport/runtime';
import type { Person, SiteFixture } from './site-fixture.ts';

const PASSPHRASE = 'a passphrase of the test';
const OWN_PASSPHRASE = 'only the approver knows this';

/** Runs a command on a test's site as `exporter …` does; answers what it printed. */
export async function runOn(
  { folder }: SiteFixture,
  command: Command,
  args: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const passphrase = join(folder, 'passphrase');
  const own = join(folder, 'approver.passphrase');
  await writeFile(passphrase, PASSPHRASE, { mode: 0o600 });
  await writeFile(own, OWN_PASSPHRASE, { mode: 0o600 });
  const environment = {
    EXPORTER_DATA_DIR: folder,
    EXPORTER_PASSPHRASE_FILE: passphrase,
    EXPORTER_CA_PASSPHRASE_FILE: passphrase,
    EXPORTER_APPROVER_PASSPHRASE_FILE: own,
  };
  let printed: Readonly<Record<string, unknown>> = {};
  await command(args, { environment, print: (value) => void (printed = value) });
  return printed;
}

/** An approval command of a person whose key lies in a file. */
export async function commandOf(fixture: SiteFixture, command: Command, person: Person) {
  const { accountId, signer } = person;
  const file = join(fixture.folder, `${accountId}.key`);
  const {
    crv = '',
    kty = '',
    x = '',
    y = '',
    d = '',
  } = await crypto.subtle.exportKey('jwk', signer.privateKey);
  await writeKeyFile(file, { crv, kty, x, y, d }, OWN_PASSPHRASE, { iterations: 1_000 });
  return (id: string, ...more: string[]) =>
    runOn(fixture, command, [id, '--key', file, '--by', accountId, ...more]);
}
