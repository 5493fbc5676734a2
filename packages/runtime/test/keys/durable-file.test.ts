import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileDurably } from '@sallyport/runtime';
import t from 'tap';

t.test('writes and replaces a whole file, mode 0600, leaving nothing beside it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'durable-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const path = join(folder, 'state.json');
  await writeFileDurably(path, 'one');
  await writeFileDurably(path, 'two');
  t.equal(await readFile(path, 'utf8'), 'two');
  t.equal((await stat(path)).mode & 0o777, 0o600);
  t.same(await readdir(folder), ['state.json']);
});

t.test('refuses to replace a file when told to be exclusive', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'durable-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const path = join(folder, 'key');
  await writeFile(path, 'old');
  await t.rejects(writeFileDurably(path, 'new', { exclusive: true }), { code: 'ERR_FILE_EXISTS' });
  t.equal(await readFile(path, 'utf8'), 'old');
  t.same(await readdir(folder), ['key']);
});
