import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKeyFile, writeKeyFile } from '@sallyport/runtime';
import { decodeProtectedHeader, type JWK } from 'jose';
import t, { type Test } from 'tap';

const KEY: JWK = { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I' };
const FAST = { iterations: 1000 };

async function folderFor(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'key-file-'));
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

t.test(
  'round-trips a key; the file is 0600, hides it, and costs 210,000 rounds by default',
  async (t) => {
    const path = join(await folderFor(t), 'seal.key');
    await writeKeyFile(path, KEY, '열려라 참깨');
    t.same(await readKeyFile(path, '열려라 참깨'), KEY);
    t.same(await readKeyFile(path, '열려라 참깨'.normalize('NFD')), KEY);
    t.equal((await stat(path)).mode & 0o777, 0o600);
    const text = (await readFile(path, 'utf8')).trim();
    t.notOk(text.includes('c2VjcmV0'));
    t.match(decodeProtectedHeader(text), {
      alg: 'PBES2-HS512+A256KW',
      enc: 'A256GCM',
      p2c: 210_000,
    });
  },
);

t.test('refuses a wrong passphrase and a file with one character changed', async (t) => {
  const path = join(await folderFor(t), 'seal.key');
  await writeKeyFile(path, KEY, 'right', FAST);
  await t.rejects(readKeyFile(path, 'wrong'), { code: 'ERR_KEY_FILE_PASSPHRASE' });
  const text = await readFile(path, 'utf8');
  const at = text.length - 10;
  await writeFile(path, text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
  await t.rejects(readKeyFile(path, 'right'), { code: 'ERR_KEY_FILE_PASSPHRASE' });
});

for (const mode of [0o640, 0o604, 0o620, 0o602]) {
  t.test(`refuses a file of mode ${mode.toString(8)}`, async (t) => {
    const path = join(await folderFor(t), 'seal.key');
    await writeKeyFile(path, KEY, 'right', FAST);
    await chmod(path, mode);
    await t.rejects(readKeyFile(path, 'right'), { code: 'ERR_KEY_FILE_PERMISSIONS' });
  });
}

t.test('refuses a file that is no key file', async (t) => {
  const path = join(await folderFor(t), 'seal.key');
  await writeFile(path, '-----BEGIN PRIVATE KEY-----', { mode: 0o600 });
  await t.rejects(readKeyFile(path, 'right'), { code: 'ERR_KEY_FILE_INVALID' });
});

t.test('refuses a file that asks for more rounds than any of ours', async (t) => {
  const path = join(await folderFor(t), 'seal.key');
  await writeKeyFile(path, KEY, 'right', FAST);
  const [, ...rest] = (await readFile(path, 'utf8')).split('.');
  const greedy = { alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2c: 1e9, p2s: 'c2FsdHNhbHRzYWx0' };
  const header = Buffer.from(JSON.stringify(greedy)).toString('base64url');
  await writeFile(path, [header, ...rest].join('.'));
  await t.rejects(readKeyFile(path, 'right'), { code: 'ERR_KEY_FILE_PASSPHRASE' });
});

t.test('keeps an existing key unless told to replace it', async (t) => {
  const path = join(await folderFor(t), 'seal.key');
  await writeKeyFile(path, KEY, 'right', FAST);
  await t.rejects(writeKeyFile(path, KEY, 'other', FAST), { code: 'ERR_FILE_EXISTS' });
  await writeKeyFile(path, KEY, 'other', { ...FAST, replace: true });
  t.same(await readKeyFile(path, 'other'), KEY);
});
