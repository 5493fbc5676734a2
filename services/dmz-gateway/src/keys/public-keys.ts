import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PublicJwk, parse, strictObject } from '@sallyport/contracts';
import type { GatewayConfig } from '../config/environment.ts';
import { pathsOf } from '../config/paths.ts';

/** The public halves of the gateway's own keys, in the open: `intake` needs no passphrase. */
export const PublicKeys = strictObject({ gateway: PublicJwk, ledger: PublicJwk });

/** Where they rest. */
export function publicKeysFile(config: GatewayConfig): string {
  return join(pathsOf(config.dataDir).keys, 'public.json');
}

/** @throws SallyportError ERR_KEY_INVALID */
export async function readPublicKeys(
  config: GatewayConfig,
): Promise<{ readonly gateway: PublicJwk; readonly ledger: PublicJwk }> {
  const value: unknown = JSON.parse(await readFile(publicKeysFile(config), 'utf8'));
  return parse(PublicKeys, value, 'ERR_KEY_INVALID');
}
