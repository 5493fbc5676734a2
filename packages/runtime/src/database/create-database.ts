import { SallyportError } from '@sallyport/contracts';
import pg from 'pg';

const DUPLICATE_DATABASE = '42P04';
/** Two processes creating at once: the loser sees a unique violation instead. */
const UNIQUE_VIOLATION = '23505';

/**
 * Makes a database unless it exists and answers its address.
 *
 * @param serverUrl address of any database on the server, usually `postgres`
 * @throws SallyportError ERR_DATABASE_UNAVAILABLE
 */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  try {
    await client.connect();
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (cause) {
    const code = cause instanceof pg.DatabaseError ? cause.code : null;
    if (code !== DUPLICATE_DATABASE && code !== UNIQUE_VIOLATION) {
      throw new SallyportError('ERR_DATABASE_UNAVAILABLE', { cause });
    }
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.toString();
}
