import { createHash } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findModel, MODELS } from '@sallyport/media';
import { chooseModels } from '@sallyport/media/internal/models/choose-models.js';
import t, { type Test } from 'tap';
import { folder } from '../support/clips.ts';

const WIDE = { width: 1280, height: 720 };
const modelDirectory = process.env['SALLYPORT_MODELS'];

/** A site's own model: the plate network under another name, as if it found faces. */
async function siteModel(t: Test, change: object = {}) {
  const directory = folder(t);
  const shipped = await findModel('plate', undefined);
  if (shipped === null) throw new Error('no plate model');
  copyFileSync(shipped.path, join(directory, 'own.onnx'));
  const { name: _name, ...rest } = shipped.entry;
  const { url: _url, sizeBytes: _sizeBytes, ...entry } = rest as typeof rest & {
    url: unknown;
    sizeBytes: unknown;
  };
  const classes = [{ index: 0, target: 'face', threshold: 0.5 }];
  const manifest = { ...entry, name: 'own', file: 'own.onnx', classes, ...change };
  writeFileSync(join(directory, 'own.model.json'), JSON.stringify(manifest));
  return directory;
}

t.test('motion needs no model, plates come with the product, with no folder at all', async (t) => {
  t.same(await chooseModels(['motion'], undefined, WIDE), []);
  const absent = join(folder(t), 'absent');
  for (const directory of [undefined, absent])
    t.match(await chooseModels(['motion', 'plate'], directory, WIDE), [
      { entry: { name: 'plate_sallyport_v1' } },
    ]);
});

t.test('a target whose model is missing is refused, with the file it needs', async (t) => {
  for (const target of ['face', 'person', 'vehicle'] as const)
    await t.rejects(chooseModels(['motion', target], folder(t), WIDE), {
      code: 'ERR_MEDIA_MODEL_MISSING',
      detail: { target, files: /\.onnx/ },
    });
});

t.test("a site's own model is taken for the targets it names", async (t) => {
  const directory = await siteModel(t);
  t.match(await chooseModels(['face', 'plate'], directory, WIDE), [
    { entry: { name: 'own' }, path: join(directory, 'own.onnx') },
    { entry: { name: 'plate_sallyport_v1' } },
  ]);
});

t.test('a manifest that is not valid, or whose file is another one, is never passed over', async (t) => {
  const refused = async (change: object, code: string, detail: object) =>
    t.rejects(chooseModels(['face'], await siteModel(t, change), WIDE), { code, detail });
  await refused({ decode: 'guess' }, 'ERR_MEDIA_MODEL_MANIFEST', { manifest: 'own.model.json' });
  await refused({ file: '../own.onnx' }, 'ERR_MEDIA_MODEL_MANIFEST', { path: '/file' });
  await refused({ sha256: '0'.repeat(64) }, 'ERR_MEDIA_MODEL_DIGEST', { model: 'own.onnx' });
  await refused({ file: 'gone.onnx' }, 'ERR_MEDIA_MODEL_MISSING', { files: 'gone.onnx' });
  const directory = folder(t);
  writeFileSync(join(directory, 'broken.model.json'), '{');
  await t.rejects(chooseModels(['plate'], directory, WIDE), { code: 'ERR_MEDIA_MODEL_MANIFEST' });
});

t.test(
  'persons are searched with the size that shows most of the picture',
  { skip: modelDirectory === undefined && 'SALLYPORT_MODELS is not set' },
  async (t) => {
    const nameFor = async (width: number, height: number) => {
      const [model, ...others] = await chooseModels(['person', 'vehicle'], modelDirectory, {
        width,
        height,
      });
      t.equal(others.length, 0, 'one model for both');
      return model?.entry.name;
    };
    t.equal(await nameFor(1280, 720), 'yolox_nano_384x640');
    t.equal(await nameFor(720, 1280), 'yolox_nano_416x416');
    t.equal(await nameFor(352, 288), 'yolox_nano_416x416');
  },
);

t.test('the model that is part of the product has the digest of its card', async (t) => {
  const shipped = await findModel('plate', undefined);
  const entry = MODELS.find(({ url }) => url === null);
  t.equal(shipped?.entry.sha256, entry?.sha256);
  const { readFile } = await import('node:fs/promises');
  const bytes = await readFile(shipped?.path ?? '');
  t.equal(createHash('sha256').update(bytes).digest('hex'), entry?.sha256);
  t.match(await readFile((shipped?.path ?? '').replace(/onnx$/, 'md'), 'utf8'), entry?.sha256);
});
