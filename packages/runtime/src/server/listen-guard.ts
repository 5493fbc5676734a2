import { BlockList, isIP } from 'node:net';
import { SallyportError } from '@sallyport/contracts';
import type { FastifyListenOptions } from 'fastify';
import type { SallyportServer } from './server-types.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** True for loopback addresses; names are not resolved, so `localhost` is not one. */
export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

/**
 * Starts listening and answers the server's address, such as `https://127.0.0.1:7010`.
 *
 * @throws SallyportError ERR_LISTEN_INSECURE without TLS on anything but 127.0.0.0/8 or ::1.
 * @throws SallyportError ERR_PERMISSION_UNLISTED when a route has no declared access.
 */
export async function listen(
  server: SallyportServer,
  { host, port }: ListenAddress,
): Promise<string> {
  return server.listen({ host, port });
}

/** Makes every way of listening, Fastify's own method included, refuse plain HTTP beyond loopback. */
export function guardListening(server: SallyportServer): void {
  const open = server.listen.bind(server);
  const listenGuarded = async (options: FastifyListenOptions = {}): Promise<string> => {
    const { host = '' } = options;
    if (!isLoopback(host)) throw new SallyportError('ERR_LISTEN_INSECURE', { detail: { host } });
    return open(options);
  };
  // Only the promise form of the overloads is kept; the callback forms are deprecated.
  server.listen = listenGuarded as typeof server.listen;
}
