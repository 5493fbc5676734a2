/** Characters that make a spreadsheet run a cell as a formula (OWASP "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r]/;

/** One CSV record (RFC 4180). A cell that a spreadsheet would run is led by an apostrophe. */
export function toCsvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
