import { decodeYunet } from '@sallyport/media/internal/detect/yunet.js';
import t from 'tap';

/** All cells silent but the given ones. */
function outputs(
  cells: readonly { stride: number; cell: number; score: number; box: readonly number[] }[],
) {
  const result: Record<string, Float32Array> = {};
  for (const stride of [8, 16, 32]) {
    const count = (64 / stride) * (64 / stride);
    result[`cls_${stride}`] = new Float32Array(count);
    result[`obj_${stride}`] = new Float32Array(count).fill(1);
    result[`bbox_${stride}`] = new Float32Array(4 * count);
  }
  for (const { stride, cell, score, box } of cells) {
    result[`cls_${stride}`]?.set([score * score], cell);
    result[`bbox_${stride}`]?.set(box, 4 * cell);
  }
  return result;
}

t.test('centre and size follow from cell, offset and stride', (t) => {
  // Stride 16 on 64 pixels: four columns, so cell 6 is row 1, column 2.
  const faces = decodeYunet(
    outputs([{ stride: 16, cell: 6, score: 0.8, box: [0.5, 0.25, Math.log(2), 0] }]),
    64,
    64,
  );
  t.equal(faces.length, 1);
  const [face] = faces;
  t.ok(Math.abs((face?.left ?? 0) - (2.5 * 16 - 16)) < 1e-3);
  t.ok(Math.abs((face?.right ?? 0) - (2.5 * 16 + 16)) < 1e-3);
  t.ok(Math.abs((face?.top ?? 0) - (1.25 * 16 - 8)) < 1e-3);
  t.ok(Math.abs((face?.confidence ?? 0) - 0.8) < 1e-3);
  t.end();
});

t.test('of overlapping boxes the surest stays; unsure ones below the floor go', (t) => {
  const faces = decodeYunet(
    outputs([
      { stride: 8, cell: 9, score: 0.6, box: [0, 0, 1, 1] },
      { stride: 8, cell: 10, score: 0.9, box: [-1, 0, 1, 1] },
      { stride: 8, cell: 60, score: 0.29, box: [0, 0, 1, 1] },
      { stride: 8, cell: 55, score: 0.31, box: [0, 0, 0, 0] },
    ]),
    64,
    64,
  );
  t.same(
    faces.map((face) => face.confidence.toFixed(2)),
    ['0.90', '0.31'],
  );
  t.end();
});

t.test('refuses the outputs of another model', (t) => {
  t.throws(() => decodeYunet({}, 64, 64), RangeError);
  t.throws(() => decodeYunet(outputs([]), 96, 64), RangeError);
  t.end();
});
