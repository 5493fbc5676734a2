/** A spreadsheet runs a cell that begins so as a formula. */
const FORMULA_START = /^[=+\-@\t\r]/;

/** One CSV field (RFC 4180): quoted, and disarmed where a spreadsheet would run it as a formula. */
export function csvField(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'number' ? String(value) : disarm(value);
  return `"${text.replaceAll('"', '""')}"`;
}

/** A whole table with its byte-order mark, without which Excel misreads Korean. */
export function toCsv(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const lines = [header, ...rows].map((row) => row.map(csvField).join(','));
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

function disarm(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}
