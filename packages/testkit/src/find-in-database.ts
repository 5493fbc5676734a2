/** Runs one query and answers its rows. */
type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/**
 * Where words stand readable in a PostgreSQL database: `table.column` of every value that holds them, as
 * text, or in bytes, hex or base64url (a signed record's payload is base64url).
 */
export async function findInDatabase(query: Query, words: string): Promise<string[]> {
  const columns = await query(
    `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'`,
  );
  const found: string[] = [];
  for (const { table_name: table, column_name: column } of columns) {
    const place = `${String(table)}.${String(column)}`;
    const rows = await query(`SELECT "${String(column)}"::text AS value FROM "${String(table)}"`);
    if (rows.some(({ value }) => typeof value === 'string' && holds(value, words)))
      found.push(place);
  }
  return found;
}

function holds(value: string, words: string): boolean {
  if (value.includes(words)) return true;
  const isBytes = /^\\x([0-9a-f]{2})*$/.test(value);
  if (isBytes) return Buffer.from(value.slice(2), 'hex').includes(words, 0, 'utf8');
  const tokens = value.match(/[A-Za-z0-9_-]{12,}/g) ?? [];
  return tokens.some((token) => Buffer.from(token, 'base64url').includes(words, 0, 'utf8'));
}
