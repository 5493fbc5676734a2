import { decodeUltraface } from '@sallyport/media/internal/detect/networks/ultraface.js';
import t from 'tap';

const INPUT = { width: 640, height: 480 };
const COUNT = 17_640;
const FACE = { index: 1, target: 'face', threshold: 0.7 } as const;

function outputs(rows: readonly { at: number; score: number; box: readonly number[] }[]) {
  const scores = new Float32Array(2 * COUNT);
  const boxes = new Float32Array(4 * COUNT);
  for (const { at, score, box } of rows) {
    scores.set([1 - score, score], 2 * at);
    boxes.set(box, 4 * at);
  }
  return { scores, boxes };
}

t.test('boxes are shares of the picture, the second column is the face', (t) => {
  const rows = [
    { at: 17_639, score: 0.9, box: [0.25, 0.5, 0.5, 0.75] },
    { at: 5, score: 0.69, box: [0.8, 0.8, 0.9, 0.9] },
  ];
  const faces = decodeUltraface(outputs(rows), INPUT, [FACE]);
  t.match(faces, [{ kind: 'face', left: 160, top: 240, right: 320, bottom: 360 }]);
  t.equal(faces.length, 1);
  t.end();
});

t.test('refuses the outputs of another model', (t) => {
  t.throws(() => decodeUltraface({}, INPUT, [FACE]), RangeError);
  t.throws(() => decodeUltraface(outputs([]), { width: 320, height: 240 }, [FACE]), RangeError);
  t.end();
});
