import { SallyportError } from '@sallyport/contracts';
import { scoreOf, type View } from './scan.ts';
import { CHIPS_SHORT_SIDE, type Layout } from './layout.ts';
import type { Geometry } from './spectrum.ts';

/** A point in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Top left, top right, bottom right, bottom left of the filmed picture. */
export type Corners = readonly [Point, Point, Point, Point];

/**
 * Four corners from eight numbers, clockwise from the top left.
 *
 * @throws SallyportError `ERR_WATERMARK_CORNERS`
 */
export function toCorners(numbers: readonly number[]): Corners {
  const point = (at: number): Point => ({ x: numbers[at] ?? NaN, y: numbers[at + 1] ?? NaN });
  const corners: Corners = [point(0), point(2), point(4), point(6)];
  const turns = corners.map((corner, at) => {
    const next = corners[(at + 1) % 4] ?? corner;
    const after = corners[(at + 2) % 4] ?? corner;
    return (next.x - corner.x) * (after.y - next.y) - (next.y - corner.y) * (after.x - next.x);
  });
  // Clockwise on a screen, where y grows downwards; false for anything that is no number.
  if (numbers.length !== 8 || !turns.every((turn) => turn > 0))
    throw new SallyportError('ERR_WATERMARK_CORNERS', { detail: { numbers: numbers.length } });
  return corners;
}

const WIDE = 16 / 9;
/** Pixels of the working picture by which corners are tried, largest first. */
const STEPS = [3, 1.5, 0.8, 0.4];
const ROUNDS = 2;

/** The map that carries the four corners onto the picture's chips; exact for four points in general position. */
export function geometryOf(corners: Corners, aspect: number = WIDE): Geometry {
  const wide = (aspect >= 1 ? aspect : 1) * CHIPS_SHORT_SIDE;
  const tall = (aspect >= 1 ? 1 : 1 / aspect) * CHIPS_SHORT_SIDE;
  const targets = [
    { x: 0, y: 0 },
    { x: wide, y: 0 },
    { x: wide, y: tall },
    { x: 0, y: tall },
  ];
  const rows = corners.flatMap(({ x, y }, at) => {
    const target = targets[at] ?? { x: 0, y: 0 };
    return [
      [x, y, 1, 0, 0, 0, -target.x * x, -target.x * y, target.x],
      [0, 0, 0, x, y, 1, -target.y * x, -target.y * y, target.y],
    ];
  });
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0] = solve(rows);
  return [a, b, c, d, e, f, g, h, 1];
}

/** Moves clicked corners to where the pilot is clearest. */
export async function refineCorners(
  views: readonly View[],
  layouts: readonly Layout[],
  clicked: Corners,
  aspect: number,
  pause: (done: number) => Promise<void>,
): Promise<Corners> {
  let best: Corners = clicked;
  let score = scoreOf(views, layouts, geometryOf(best, aspect));
  let tried = 0;
  for (const step of STEPS)
    for (let round = 0; round < ROUNDS; round++)
      for (let corner = 0; corner < 4; corner++)
        for (const [dx, dy] of [
          [step, 0],
          [-step, 0],
          [0, step],
          [0, -step],
        ] as const) {
          const moved = moveCorner(best, corner, dx, dy);
          const next = scoreOf(views, layouts, geometryOf(moved, aspect));
          if (next > score) [best, score] = [moved, next];
          tried += 1;
          await pause(tried / (STEPS.length * ROUNDS * 16));
        }
  return best;
}

function moveCorner(corners: Corners, corner: number, dx: number, dy: number): Corners {
  const move = (at: number): Point => {
    const { x, y } = corners[at] ?? { x: 0, y: 0 };
    return at === corner ? { x: x + dx, y: y + dy } : { x, y };
  };
  return [move(0), move(1), move(2), move(3)];
}

/** Gauss elimination with row exchange; rows are [coefficients…, right side]. */
function solve(rows: number[][]): number[] {
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    const top = rows[pivot] ?? [];
    rows[pivot] = rows[column] ?? [];
    rows[column] = top;
    for (let row = 0; row < size; row++) {
      const other = rows[row];
      if (row === column || other === undefined) continue;
      const share = (other[column] ?? 0) / (top[column] ?? 1);
      for (let at = column; at <= size; at++) other[at] = (other[at] ?? 0) - share * (top[at] ?? 0);
    }
  }
  return rows.map((row, at) => (row[size] ?? 0) / (row[at] ?? 1));
}
