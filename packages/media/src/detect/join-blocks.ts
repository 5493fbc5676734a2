/** Blocks this far apart still belong to one figure: clothes of the background's colour tear holes into it. */
const REACH = 2;

/** A figure in block coordinates; right and bottom are not part of it. */
interface BlockFigure {
  left: number;
  top: number;
  right: number;
  bottom: number;
  blocks: number;
}

/** Groups changed blocks that lie near each other. Linear in the number of blocks. */
export function joinBlocks(changed: Uint8Array, columns: number, rows: number): BlockFigure[] {
  const seen = new Uint8Array(changed.length);
  const figures: BlockFigure[] = [];
  for (let start = 0; start < changed.length; start++)
    if (changed[start] === 1 && seen[start] === 0)
      figures.push(grow(start, changed, seen, columns, rows));
  return figures;
}

function grow(
  start: number,
  changed: Uint8Array,
  seen: Uint8Array,
  columns: number,
  rows: number,
): BlockFigure {
  const figure: BlockFigure = { left: columns, top: rows, right: 0, bottom: 0, blocks: 0 };
  const open = [start];
  seen[start] = 1;
  for (let block = open.pop(); block !== undefined; block = open.pop()) {
    const column = block % columns;
    const row = (block - column) / columns;
    figure.blocks += 1;
    figure.left = Math.min(figure.left, column);
    figure.top = Math.min(figure.top, row);
    figure.right = Math.max(figure.right, column + 1);
    figure.bottom = Math.max(figure.bottom, row + 1);
    for (let y = Math.max(0, row - REACH); y <= Math.min(rows - 1, row + REACH); y++)
      for (let x = Math.max(0, column - REACH); x <= Math.min(columns - 1, column + REACH); x++) {
        const next = y * columns + x;
        if (changed[next] !== 1 || seen[next] === 1) continue;
        seen[next] = 1;
        open.push(next);
      }
  }
  return figure;
}
