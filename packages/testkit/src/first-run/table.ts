/** One hop of the printed table. `ms` and `bytes` are null where the hop has none. */
export interface HopRow {
  readonly hop: string;
  readonly zone: 'internal' | 'dmz' | 'station' | 'link' | 'by hand';
  readonly ms: number | null;
  readonly bytes: number | null;
  readonly note: string;
}

const HEADINGS = ['#', 'hop', 'where', 'time', 'size', ''] as const;

/** Plain text columns, widths from the content; Korean and Latin text both line up. */
export function formatTable(rows: readonly HopRow[]): string {
  const cells = rows.map((row, index) => [
    String(index + 1),
    row.hop,
    row.zone,
    row.ms === null ? '' : `${(row.ms / 1000).toFixed(2)} s`,
    row.bytes === null ? '' : formatBytes(row.bytes),
    row.note,
  ]);
  const all = [[...HEADINGS], ...cells];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...all.map((line) => width(line[column] ?? ''))),
  );
  return all
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Bytes in the unit a person reads: 1,536 → "1.5 KiB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ''}`;
}

function pad(text: string, columns: number, column: number): string {
  const filler = ' '.repeat(Math.max(0, columns - width(text)));
  return column === 0 || column === 3 || column === 4 ? filler + text : text + filler;
}

/** Terminal columns: Hangul syllables and full-width forms take two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text)
    columns += /[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7a3\uff00-\uff60]/.test(character) ? 2 : 1;
  return columns;
}
