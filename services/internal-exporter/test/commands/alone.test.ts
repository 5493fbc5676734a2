// The commands that work on files alone, run as a person runs them: no database, no service.
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { makeClip } from '../site-fixture.ts';

const PROGRAM = fileURLToPath(import.meta.resolve('@sallyport/internal-exporter/main.js'));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `exporter …` with nothing in its environment but where programs are. */
function exporter(args: readonly string[], cwd: string): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'en_US.UTF-8' }; // the test's own environment
  return new Promise((settle) => {
    execFile(process.execPath, [PROGRAM, ...args], { cwd, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      settle({ code, stdout, stderr });
    });
  });
}

t.test('the commands that work on files alone', { timeout: 600_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'exporter-commands-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const clip = join(folder, 'in.mp4');
  await makeClip(clip);
  const exists = (name: string) =>
    access(join(folder, name)).then(
      () => true,
      () => false,
    );

  await t.test('redact masks a file and says so as JSON and in a report', async (t) => {
    const words = ['redact', clip, 'out.mp4', '--targets', 'motion', '--style', 'blur'];
    const { code, stdout, stderr } = await exporter(
      [
        ...words,
        '--shape',
        'ellipse',
        '--report',
        'report.json',
        '--tracks-out',
        'tracks.json',
        '--json',
      ],
      folder,
    );
    t.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as { watermark: unknown; check: { passed: boolean } };
    t.match(report, { watermark: { kind: 'none', reason: 'not built' }, check: { passed: true } });
    t.same(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')), report);
    t.match(report, { style: 'blur', shape: 'ellipse' });
    t.ok(await exists('out.mp4'));
  });

  await t.test(
    'redact takes the tracks of an earlier run, keeps who is named, masks regions',
    async (t) => {
      const { tracks } = JSON.parse(await readFile(join(folder, 'tracks.json'), 'utf8')) as {
        tracks: { trackId: string }[];
      };
      const [kept] = tracks;
      if (kept === undefined) return t.fail('no track');
      const region = { x: 0, y: 0, width: 40, height: 30, reason: 'a window' };
      await writeFile(join(folder, 'regions.json'), JSON.stringify({ regions: [region] }));
      const words = ['redact', clip, 'kept.mp4', '--tracks', 'tracks.json', '--style', 'solid'];
      const keep = ['--keep', kept.trackId.slice(0, 8), '--regions', 'regions.json', '--json'];
      const unexplained = await exporter([...words, ...keep], folder);
      t.equal(unexplained.code, 2, 'nobody stays to be seen without a reason');
      const { code, stdout, stderr } = await exporter(
        [...words, ...keep, '--reason', 'the person asked for'],
        folder,
      );
      t.equal(code, 0, stderr);
      const report = JSON.parse(stdout) as { tracks: { trackId: string }[] };
      t.match(
        report.tracks.find(({ trackId }) => trackId === kept.trackId),
        { decision: 'show', reason: 'the person asked for' },
      );
      t.match(report.tracks.at(-1), { kind: 'region', reason: 'a window' });
      return t.equal(report.tracks.length, tracks.length + 1);
    },
  );

  await t.test('redact refuses faces without a model, with reason and remedy', async (t) => {
    const words = ['redact', clip, 'face.mp4', '--targets', 'face', '--style', 'mosaic', '--json'];
    const { code, stderr } = await exporter(words, folder);
    t.equal(code, 1);
    t.match(JSON.parse(stderr.trim().split('\n').at(-1) ?? ''), {
      code: 'ERR_MEDIA_MODEL_MISSING',
      what: /\S/,
      remedy: /\S/,
    });
    t.notOk(await exists('face.mp4'), 'never silently unmasked');
  });

  await t.test('redact refuses what is no video, and what it was not told', async (t) => {
    await writeFile(join(folder, 'list.mp4'), `ffconcat version 1.0\nfile '${clip}'\n`);
    const options = ['--targets', 'motion', '--style', 'solid'];
    const list = await exporter(['redact', 'list.mp4', 'x.mp4', ...options], folder);
    t.equal(list.code, 1);
    t.match(list.stderr, 'ERR_MEDIA_NOT_VIDEO');
    const missing = await exporter(['redact', 'nowhere.mp4', 'x.mp4', ...options], folder);
    t.equal(missing.code, 1);
    const usage = await exporter(['redact', clip, 'x.mp4', '--style', 'solid'], folder);
    t.equal(usage.code, 2, 'without anything to mask');
    t.match(usage.stderr, 'ERR_COMMAND_USAGE');
    t.notOk(await exists('x.mp4'));
  });

  await t.test('models takes no file of another content', async (t) => {
    const carried = join(folder, 'carried');
    await mkdir(carried);
    await writeFile(join(carried, 'yunet_n_dynamic.onnx'), 'not the model');
    const { code, stderr } = await exporter(
      ['models', '--from', carried, '--to', 'kept', '--by', 'S-1'],
      folder,
    );
    t.equal(code, 1);
    t.match(stderr, 'ERR_MEDIA_MODEL_DIGEST');
    t.notOk(await exists('kept/yunet_n_dynamic.onnx'));
    const nobody = await exporter(['models', '--from', carried, '--to', 'kept'], folder);
    t.equal(nobody.code, 2, 'who brings them in has a name');
    t.match(nobody.stderr, 'ERR_COMMAND_USAGE');
  });

  await t.test('watermark key, mark and read work on files alone', async (t) => {
    const key = ['--key-file', 'mark.key'];
    t.equal((await exporter(['watermark', 'key', '--out', 'mark.key'], folder)).code, 0);
    const again = await exporter(['watermark', 'key', '--out', 'mark.key'], folder);
    t.match(again.stderr, 'ERR_FILE_EXISTS');
    const id = '00c0ffee00c0ffee';
    const marked = await exporter(
      ['watermark', 'mark', clip, 'marked.mp4', '--id', id, ...key, '--json'],
      folder,
    );
    t.equal(marked.code, 0, marked.stderr);
    await writeFile(join(folder, 'ids.txt'), `1111111111111111\n\n${id.toUpperCase()}\n`);
    const read = await exporter(
      ['watermark', 'read', 'marked.mp4', '--ids', 'ids.txt', ...key, '--json'],
      folder,
    );
    t.equal(read.code, 0, read.stderr);
    t.match(JSON.parse(read.stdout), { verdict: 'identified', marks: [{ id }] });
    const told = await exporter(['watermark', 'read', 'marked.mp4', ...key], folder);
    t.match(told.stdout, /^identified: 00c0ffee00c0ffee, false-alarm probability \S+e-\d+/);
  });

  await t.test('watermark commands refuse what they cannot use', async (t) => {
    const refused = async (words: string[], code: string) => {
      const ended = await exporter(['watermark', ...words], folder);
      t.match(ended.stderr, code, words.join(' '));
      t.not(ended.code, 0);
    };
    const key = ['--key-file', 'mark.key'];
    await refused(['mark', clip, 'x.mp4', '--id', 'xyz', ...key], 'ERR_WATERMARK_ID');
    await refused(['read', clip, '--key-file', clip], 'ERR_WATERMARK_KEY');
    await refused(['read', clip, ...key, '--corners', '1,2,3'], 'ERR_WATERMARK_CORNERS');
    await refused(['read', 'nowhere.mp4', ...key], 'ERR_FOOTAGE_UNKNOWN');
    await refused(['read', 'mark.key', ...key], 'ERR_MEDIA_NOT_VIDEO');
    await refused(['read', clip], 'ERR_COMMAND_USAGE');
    t.notOk(await exists('x.mp4'));
  });
});
