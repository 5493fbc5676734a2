import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/*
 * dataDir/
 *   gateway.json          this gateway's id
 *   keys/                 passphrase-protected key files, 0600
 *   keys/agreement/       one key per epoch; removed when its last grant has ended
 *   shares/<epoch>/       wrapped licence shares, one file a grant; in no database, log or backup
 *   incoming/             packages on their way in
 *   packages/<id>.sealed  admitted packages
 *   quarantine/           packages that failed verification
 *   ledger/               this zone's ledger
 *   postgres/             the embedded database
 */
export interface GatewayPaths {
  readonly identity: string;
  readonly keys: string;
  readonly agreementKeys: string;
  readonly shares: string;
  readonly incoming: string;
  readonly packages: string;
  readonly quarantine: string;
  readonly ledger: string;
  readonly postgres: string;
}

/** Where everything lies below the data folder. */
export function pathsOf(dataDir: string): GatewayPaths {
  return {
    identity: join(dataDir, 'gateway.json'),
    keys: join(dataDir, 'keys'),
    agreementKeys: join(dataDir, 'keys', 'agreement'),
    shares: join(dataDir, 'shares'),
    incoming: join(dataDir, 'incoming'),
    packages: join(dataDir, 'packages'),
    quarantine: join(dataDir, 'quarantine'),
    ledger: join(dataDir, 'ledger'),
    postgres: join(dataDir, 'postgres'),
  };
}

/** Makes the folders that hold secrets or footage, closed to everybody else. */
export async function makeFolders(paths: GatewayPaths): Promise<void> {
  // Traversable, not readable: the embedded database runs as a user of its own when root starts it.
  await mkdir(dirname(paths.keys), { recursive: true, mode: 0o711 });
  const { keys, agreementKeys, shares, incoming, packages, quarantine } = paths;
  for (const folder of [keys, agreementKeys, shares, incoming, packages, quarantine]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
}
