import { join } from 'node:path';
import { findModel, MODELS } from '@sallyport/media';
import { openNetworkDetector } from '@sallyport/media/internal/detect/network-detector.js';
import { writeFileSync } from 'node:fs';
import t from 'tap';
import { folder } from '../support/clips.ts';

t.test('the plate model of the product is there without any folder, and can be run', async (t) => {
  const model = await findModel('plate', undefined);
  if (model === null) return t.fail('no plate model');
  const detector = await openNetworkDetector(model, ['plate']);
  t.same(detector.kinds, ['plate']);
  const pixels = new Uint8Array((96 * 64 * 3) / 2).fill(120);
  const area = { left: 0, top: 0, right: 96, bottom: 64 };
  const picture = { atMs: 0, width: 96, height: 64, pixels };
  t.same(await detector.detect(picture, { area, longSide: 96 }), []);
  return detector.close();
});

t.test('a model that is not what its manifest says is a named error', async (t) => {
  const model = await findModel('plate', undefined);
  const face = MODELS.find(({ decode }) => decode === 'yunet');
  if (model === null || face === undefined) return t.fail('no model');
  const other = { ...model, entry: { ...face, file: model.entry.file } };
  await t.rejects(openNetworkDetector(other, ['face']), {
    name: 'SallyportError',
    code: 'ERR_MEDIA_MODEL_SHAPE',
    detail: { model: 'yunet_n_dynamic' },
  });
  const fixed = { ...model.entry.input, size: { width: 640, height: 384 } };
  await t.resolves(
    openNetworkDetector({ ...model, entry: { ...model.entry, input: fixed } }, ['plate']).then(
      (detector) => detector.close(),
    ),
    'a model that takes any size may be given one',
  );
  const path = join(folder(t), 'noise.onnx');
  writeFileSync(path, 'noise');
  return t.rejects(openNetworkDetector({ ...model, path }, ['plate']), {
    code: 'ERR_MEDIA_MODEL_SHAPE',
  });
});
