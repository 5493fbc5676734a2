import { decodeYolox } from '@sallyport/media/internal/detect/networks/yolox.js';
import t from 'tap';

const INPUT = { width: 64, height: 64 };
const CELLS = 64 + 16 + 4;
const ROW = 5 + 8;
const CLASSES = [
  { index: 0, target: 'person', threshold: 0.3 },
  { index: 2, target: 'vehicle', threshold: 0.4 },
] as const;

function output(
  rows: readonly { cell: number; box: readonly number[]; scores: readonly number[] }[],
) {
  const values = new Float32Array(CELLS * ROW);
  for (const { cell, box, scores } of rows) values.set([...box, ...scores], cell * ROW);
  return { output: values };
}

t.test('centre and size follow from cell and stride, the kind from the best class wanted', (t) => {
  const found = decodeYolox(
    output([
      // Stride 16 begins after the 64 cells of stride 8; four columns: cell 6 is row 1, column 2.
      { cell: 64 + 6, box: [0.5, 0.25, Math.log(2), 0, 0.9], scores: [0.2, 1, 0.8] },
      { cell: 0, box: [0, 0, 0, 0, 0.8], scores: [0.5] },
      { cell: 7, box: [0, 0, 0, 0, 0.8], scores: [0, 0, 0.45] },
    ]),
    INPUT,
    CLASSES,
  );
  const whole = found.map((one) => ({
    ...one,
    left: Math.round(one.left),
    right: Math.round(one.right),
  }));
  t.match(whole, [
    { kind: 'vehicle', left: 24, right: 56, top: 12, bottom: 28 },
    { kind: 'person', left: -4, right: 4 },
  ]);
  t.equal(found.length, 2, 'too weak and unwanted classes are left out');
  t.end();
});

t.test('a person on a bicycle is both', (t) => {
  const scores = (person: number, vehicle: number) => [person, 0, vehicle];
  const found = decodeYolox(
    output([
      { cell: 0, box: [0, 0, 1, 1, 1], scores: scores(0.9, 0) },
      { cell: 1, box: [-1, 0, 1, 1, 1], scores: scores(0, 0.9) },
    ]),
    INPUT,
    CLASSES,
  );
  t.equal(found.length, 2);
  t.end();
});

t.test('refuses the outputs of another model', (t) => {
  t.throws(() => decodeYolox({}, INPUT, CLASSES), RangeError);
  t.throws(() => decodeYolox({ one: new Float32Array(9) }, INPUT, CLASSES), RangeError);
  t.throws(() => decodeYolox({ few: new Float32Array(CELLS * 6) }, INPUT, CLASSES), RangeError);
  t.end();
});
