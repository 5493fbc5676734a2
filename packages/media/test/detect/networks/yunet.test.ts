import { decodeYunet } from '@sallyport/media/internal/detect/networks/yunet.js';
import t from 'tap';
import { FACE, yunetOutputs } from '../../support/outputs.ts';

const INPUT = { width: 64, height: 64 };

t.test('centre and size follow from cell, offset and stride', (t) => {
  // Stride 16 on 64 pixels: four columns, so cell 6 is row 1, column 2.
  const box = [0.5, 0.25, Math.log(2), 0];
  const outputs = yunetOutputs([{ stride: 16, cell: 6, score: 0.8, box }]);
  const [face, ...others] = decodeYunet(outputs, INPUT, [FACE]);
  t.equal(others.length, 0);
  t.equal(face?.kind, 'face');
  t.ok(Math.abs((face?.left ?? 0) - (2.5 * 16 - 16)) < 1e-3);
  t.ok(Math.abs((face?.right ?? 0) - (2.5 * 16 + 16)) < 1e-3);
  t.ok(Math.abs((face?.top ?? 0) - (1.25 * 16 - 8)) < 1e-3);
  t.ok(Math.abs((face?.confidence ?? 0) - 0.8) < 1e-3);
  t.end();
});

t.test('of overlapping boxes the surest stays; unsure ones below the floor go', (t) => {
  const outputs = yunetOutputs([
    { stride: 8, cell: 9, score: 0.6, box: [0, 0, 1, 1] },
    { stride: 8, cell: 10, score: 0.9, box: [-1, 0, 1, 1] },
    { stride: 8, cell: 60, score: 0.29, box: [0, 0, 1, 1] },
    { stride: 8, cell: 55, score: 0.31, box: [0, 0, 0, 0] },
  ]);
  t.same(
    decodeYunet(outputs, INPUT, [FACE]).map((face) => face.confidence.toFixed(2)),
    ['0.90', '0.31'],
  );
  t.end();
});

t.test('refuses the outputs of another model', (t) => {
  t.throws(() => decodeYunet({}, INPUT, [FACE]), RangeError);
  t.throws(() => decodeYunet(yunetOutputs([]), { width: 96, height: 64 }, [FACE]), RangeError);
  t.end();
});
