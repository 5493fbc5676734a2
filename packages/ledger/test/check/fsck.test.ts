import { createHash, randomBytes } from 'node:crypto';
import { appendFile, cp, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBase64url, type ErrorCode } from '@sallyport/contracts';
import { LedgerWriter, SALT_BYTES, checkLedger, saltedDigest } from '@sallyport/ledger';
import { runFsck } from '@sallyport/ledger/internal/cli/run.js';
import t from 'tap';
import { IDENTITY, NOW, entries, entry, folderFor, makeSigner } from '../support/ledger-site.ts';

const { ca, signer } = await makeSigner();
await t.test('the offline check', async (t) => {
  const site = await folderFor(t);
  const sound = join(site, 'sound');
  const salts = [
    randomBytes(SALT_BYTES),
    randomBytes(SALT_BYTES),
    randomBytes(SALT_BYTES),
  ] as const;
  const [kept, erased, forgotten] = salts.map((salt, i) =>
    saltedDigest(`staff ${String(i)}`, salt),
  );

  const named = [kept, erased, forgotten].map((digest = '', i) =>
    entry(100 + i, { actor: { kind: 'command', digest } }),
  );
  const ledger = await LedgerWriter.open({ directory: sound, ...IDENTITY });
  await ledger.appendEntries(entries(0, 4));
  await ledger.signCheckpoint({ signer, now: NOW });
  await ledger.appendEntries(named);
  await ledger.signCheckpoint({ signer, now: NOW });
  await ledger.appendEntries([
    entry(200, { event: { kind: 'erasure.done', digest: forgotten ?? '' } }),
  ]);
  await ledger.close();

  const namesFile = join(site, 'names.jsonl');
  const row = { digest: kept, salt: toBase64url(salts[0]), value: 'staff 0' };
  const mark = { digest: erased, erasedAt: NOW.toISOString() };
  await writeFile(namesFile, `${JSON.stringify(row)}\n${JSON.stringify(mark)}\n`);

  async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
    const texts = { out: '', err: '' };
    const status = await runFsck(
      args,
      {
        stdout: { write: (text) => (texts.out += text) },
        stderr: { write: (text) => (texts.err += text) },
      },
      { locale: 'en-GB' },
    );
    return { status, ...texts };
  }

  await t.test(
    'reports a sound ledger with its signatures and names, in both languages and as JSON',
    async (t) => {
      const report = await checkLedger({ directory: sound, ca, namesFile });
      t.match(report, {
        isSound: true,
        fault: null,
        zone: 'internal',
        entryCount: 8,
        checkpointCount: 2,
        signedSize: 7,
        signatures: 'ca',
        names: { checked: 1, erased: 2 },
        pendingCount: 0,
      });
      const pem = join(site, 'ca.pem');
      await writeFile(pem, `-----BEGIN CERTIFICATE-----\n${ca}\n-----END CERTIFICATE-----\n`);
      const json = await run(sound, '--ca', pem, '--names', namesFile, '--json');
      t.equal(json.status, 0);
      t.same(JSON.parse(json.out), report);
      t.match((await run(sound, '--lang', 'ko')).out, /이상 없음/);
      t.match((await run(sound)).out, /not checked/);
    },
  );

  await t.test(
    'names the first fault, its place and the remedy, and ends with status 1',
    async (t) => {
      type Damage = (folder: string) => Promise<void>;
      const edit = async (path: string, change: (text: string) => string) => {
        await writeFile(path, change(await readFile(path, 'utf8')));
      };
      const inEntries =
        (change: (text: string) => string): Damage =>
        (folder) =>
          edit(join(folder, 'entries.jsonl'), change);
      const head = (folder: string, size: number) =>
        join(folder, 'checkpoints', `${String(size).padStart(12, '0')}.jws`);
      const cases: readonly [code: ErrorCode, where: string, damage: Damage][] = [
        ['ERR_LEDGER_NOT_FOUND', 'ledger.json', (folder) => rm(join(folder, 'ledger.json'))],
        ['ERR_LEDGER_NOT_FOUND', 'entries.jsonl', (folder) => rm(join(folder, 'hashes.bin'))],
        [
          'ERR_LEDGER_HASH_MISMATCH',
          'entry 1',
          inEntries((text) => replaceNth(text, 'intake', 'unseen', 1)),
        ],
        ['ERR_LEDGER_HASH_MISMATCH', 'entry 0', inEntries((text) => ` ${text}`)],
        ['ERR_LEDGER_HASH_MISMATCH', 'entry 2', inEntries((text) => swapLines(text, 2, 3))],
        [
          'ERR_LEDGER_TRUNCATED',
          'entry 6',
          inEntries((text) => `${text.split('\n').slice(0, 6).join('\n')}\n`),
        ],
        [
          'ERR_LEDGER_TORN_TAIL',
          'entry 8',
          (folder) => appendFile(join(folder, 'entries.jsonl'), '{"ha'),
        ],
        [
          'ERR_LEDGER_TORN_TAIL',
          'entry 7',
          (folder) => truncate(join(folder, 'hashes.bin'), 11 * 32),
        ],
        [
          'ERR_LEDGER_TRUNCATED',
          'entry 5',
          (folder) => truncate(join(folder, 'hashes.bin'), 8 * 32 + 5),
        ],
        [
          'ERR_LEDGER_CHECKPOINT_INVALID',
          'checkpoint 4',
          (folder) => writeFile(head(folder, 4), 'a.b.c'),
        ],
        [
          'ERR_LEDGER_CHECKPOINT_INVALID',
          'checkpoint 6',
          (folder) => rename(head(folder, 7), head(folder, 6)),
        ],
        [
          'ERR_LEDGER_CHECKPOINT_INVALID',
          'checkpoint 4',
          (folder) => edit(head(folder, 4), (jws) => `${jws.slice(0, -4)}AAAA`),
        ],
        [
          'ERR_LEDGER_ENTRY_INVALID',
          'entry 0',
          (folder) => rebuild(folder, (line) => line.replace('export-request', 'made-up')),
        ],
        [
          'ERR_LEDGER_ENTRY_INVALID',
          'entry 0',
          (folder) => rebuild(folder, (line) => line.replace(':', ': ')),
        ],
        [
          'ERR_LEDGER_ORIGIN',
          'entry 0',
          (folder) => rebuild(folder, (line) => line.replace('internal', 'dmz')),
        ],
        [
          'ERR_LEDGER_DUPLICATE_ID',
          'entry 1',
          (folder) => rebuild(folder, (line) => line.replace(entry(1).entryId, entry(0).entryId)),
        ],
        [
          'ERR_LEDGER_CHECKPOINT_INCONSISTENT',
          'checkpoint 4',
          (folder) => rebuild(folder, (line) => line.replace('"intake"', '"send"')),
        ],
      ];
      for (const [index, [code, where, damage]] of cases.entries()) {
        const folder = join(site, `damaged${String(index)}`);
        await cp(sound, folder, { recursive: true });
        await damage(folder);
        t.match(
          (await checkLedger({ directory: folder, ca })).fault,
          { code, where },
          `${code} at ${where}`,
        );
        const { status, out } = await run(folder, '--ca', join(site, 'ca.pem'));
        t.equal(status, 1);
        t.match(out, new RegExp(`FAULT ${code}`));
      }
    },
  );

  await t.test('a checkpoint of another CA does not verify', async (t) => {
    const foreign = await makeSigner();
    t.match((await checkLedger({ directory: sound, ca: foreign.ca })).fault, {
      code: 'ERR_LEDGER_CHECKPOINT_INVALID',
    });
    t.match(await checkLedger({ directory: sound }), { isSound: true, signatures: 'unchecked' });
  });

  await t.test(
    'a name that is missing, altered or unreadable is a fault; an erased one is not',
    async (t) => {
      const path = join(site, 'other-names.jsonl');
      const check = async (...rows: unknown[]) => {
        await writeFile(
          path,
          rows.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n'),
        );
        return (await checkLedger({ directory: sound, namesFile: path })).fault?.code ?? 'sound';
      };
      t.equal(await check(row, mark), 'sound');
      t.equal(await check({ digest: kept, erasedAt: NOW.toISOString() }, mark), 'sound');
      t.equal(await check(row), 'ERR_LEDGER_NAME_MISSING');
      t.equal(await check({ ...row, value: 'staff 9' }, mark), 'ERR_LEDGER_NAME_MISMATCH');
      t.equal(await check('not json'), 'ERR_LEDGER_NAME_MISMATCH');
      t.equal(await check({ ...row, more: 1 }), 'ERR_LEDGER_NAME_MISMATCH');
    },
  );

  await t.test('judges a ledger in use by what its writer has acknowledged', async (t) => {
    const folder = join(site, 'live');
    await cp(sound, folder, { recursive: true });
    const writer = await LedgerWriter.open({ directory: folder, ...IDENTITY });
    await appendFile(join(folder, 'entries.jsonl'), '{"half');
    t.match(await checkLedger({ directory: folder, ca }), {
      isSound: true,
      entryCount: 8,
      pendingCount: 1,
    });
    await writer.close();
  });

  await t.test('wrong use and unreadable files end with status 2', async (t) => {
    for (const args of [[], [sound, sound], [sound, '--nope'], [sound, '--lang', 'fr']]) {
      t.match(await run(...args), { status: 2, err: /ledger-fsck PATH/ });
    }
    t.match(await run(sound, '--ca', join(site, 'absent')), { status: 2, err: /ENOENT/ });
    await mkdir(join(site, 'nothing'));
    t.match(await run(join(site, 'nothing')), { status: 1, out: /ERR_LEDGER_NOT_FOUND/ });
  });

  /** Alters every line and recomputes the hash file, as somebody with all rights on the disk would. */
  async function rebuild(folder: string, change: (line: string) => string): Promise<void> {
    const { TreeFold } = await import('@sallyport/ledger/internal/merkle/fold.js');
    const path = join(folder, 'entries.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1).map(change);
    const fold = new TreeFold();
    const nodes = lines.flatMap((line) =>
      fold.append(createHash('sha256').update(Uint8Array.of(0)).update(line).digest()),
    );
    await writeFile(path, `${lines.join('\n')}\n`);
    await writeFile(join(folder, 'hashes.bin'), Buffer.concat(nodes));
  }

  function replaceNth(text: string, from: string, to: string, line: number): string {
    return text
      .split('\n')
      .map((each, index) => (index === line ? each.replace(from, to) : each))
      .join('\n');
  }

  function swapLines(text: string, a: number, b: number): string {
    const lines = text.split('\n');
    return lines
      .map((line, index) => lines[index === a ? b : index === b ? a : index] ?? line)
      .join('\n');
  }
});
