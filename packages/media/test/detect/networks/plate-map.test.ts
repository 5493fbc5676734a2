import { decodePlateMap } from '@sallyport/media/internal/detect/networks/plate-map.js';
import t from 'tap';

const INPUT = { width: 64, height: 32 };
const CELLS = 16 * 8;
const PLATE = { index: 0, target: 'plate', threshold: 0.4 } as const;

function outputs(cells: readonly { cell: number; score: number; box: readonly number[] }[]) {
  const score = new Float32Array(CELLS);
  const box = new Float32Array(4 * CELLS);
  for (const { cell, score: value, box: edges } of cells) {
    score[cell] = value;
    for (const [plane, edge] of edges.entries()) box[plane * CELLS + cell] = edge;
  }
  return { score, box };
}

t.test('each plate once, with the box of its surest cell', (t) => {
  const found = decodePlateMap(
    outputs([
      { cell: 20, score: 0.8, box: [10, 4, 30, 12] },
      { cell: 21, score: 0.9, box: [11, 4, 31, 12] },
      { cell: 100, score: 0.41, box: [40, 20, 60, 28] },
      { cell: 3, score: 0.39, box: [50, 2, 60, 8] },
    ]),
    INPUT,
    [PLATE],
  );
  t.match(found, [
    { kind: 'plate', left: 11, top: 4, right: 31, bottom: 12 },
    { left: 40, top: 20, right: 60, bottom: 28 },
  ]);
  t.equal(found.length, 2);
  t.end();
});

t.test('refuses the outputs of another model', (t) => {
  t.throws(() => decodePlateMap({}, INPUT, [PLATE]), RangeError);
  t.throws(() => decodePlateMap(outputs([]), { width: 32, height: 32 }, [PLATE]), RangeError);
  t.end();
});
