import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fetchModels, findModel, MODELS, type ModelEntry } from '@sallyport/media';
import t, { type Test } from 'tap';
import { folder } from '../support/clips.ts';

const content = Buffer.from('weights');
const models: ModelEntry[] = [
  {
    name: 'test',
    file: 'test.onnx',
    url: 'https://models.invalid/a/test.onnx',
    sha256: createHash('sha256').update(content).digest('hex'),
    sizeBytes: content.length,
    licence: 'Apache-2.0',
    source: 'a test',
    input: {
      channels: 'bgr',
      mean: 0,
      scale: 1,
      fit: 'corner',
      fill: 0,
      size: { multipleOf: 32 },
    },
    decode: 'yunet',
    classes: [{ index: 0, target: 'face', threshold: 0.3 }],
  },
];

async function serve(t: Test, bytes: Buffer, status = 200) {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    answer.writeHead(status).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

t.test('every pinned model names a commit, a digest and a licence', (t) => {
  for (const model of MODELS) {
    t.match(model.sha256, /^[0-9a-f]{64}$/);
    if (model.url !== null)
      t.match(model.url, /^https:\/\/raw\.githubusercontent\.com\/[^/]+\/[^/]+\/[0-9a-f]{40}\//);
    t.match(model.licence, /^(Apache-2\.0|MIT)$/);
  }
  t.end();
});

t.test('fetches what is missing, once, and finds it afterwards', async (t) => {
  const { asked, baseUrl } = await serve(t, content);
  const directory = join(folder(t), 'new');
  t.match(await fetchModels({ directory, baseUrl, models }), [{ name: 'test', outcome: 'fetched' }]);
  t.match(await fetchModels({ directory, baseUrl, models }), [{ name: 'test', outcome: 'present' }]);
  t.same(asked, ['/a/test.onnx']);
  t.equal((await findModel('face', directory, models))?.path, join(directory, 'test.onnx'));
});

t.test('a wrong digest is refused and leaves nothing behind', async (t) => {
  for (const bytes of [Buffer.from('weightz'), Buffer.alloc(1000), Buffer.alloc(0)]) {
    const { baseUrl } = await serve(t, bytes);
    const directory = folder(t);
    await t.rejects(fetchModels({ directory, baseUrl, models }), { name: 'SallyportError', code: 'ERR_MEDIA_MODEL_DIGEST' });
    t.same(readdirSync(directory), []);
  }
});

t.test('a server that fails, or none, is its own error', async (t) => {
  const { baseUrl } = await serve(t, content, 404);
  const directory = folder(t);
  await t.rejects(fetchModels({ directory, baseUrl, models }), { code: 'ERR_MEDIA_MODEL_FETCH' });
  await t.rejects(fetchModels({ directory, baseUrl: 'http://127.0.0.1:1', models }), { code: 'ERR_MEDIA_MODEL_FETCH' });
});

t.test('takes the files from a folder that was carried in', async (t) => {
  const dir = folder(t);
  const from = join(dir, 'carried');
  mkdirSync(from);
  await t.rejects(fetchModels({ directory: dir, from, models }), { code: 'ERR_MEDIA_MODEL_FETCH' });
  writeFileSync(join(from, 'test.onnx'), content);
  t.match(await fetchModels({ directory: dir, from, models }), [{ outcome: 'copied' }]);
  writeFileSync(join(from, 'test.onnx'), 'other');
  const second = join(dir, 'second');
  await t.rejects(fetchModels({ directory: second, from, models }), { code: 'ERR_MEDIA_MODEL_DIGEST' });
  t.notOk(existsSync(join(second, 'test.onnx')));
});

t.test('a file of the right name with other content is never used', async (t) => {
  const directory = folder(t);
  t.equal(await findModel('face', directory, models), null);
  t.equal(await findModel('face', undefined, models), null);
  writeFileSync(join(directory, 'test.onnx'), 'other');
  await t.rejects(findModel('face', directory, models), { code: 'ERR_MEDIA_MODEL_DIGEST' });
});
