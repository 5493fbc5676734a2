import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { actor, licenceFor, NOW, PASSPHRASE, station, stationFolder, VECTORS } from './site.ts';
import { openKeyFile } from '@sallyport/station';

t.setTimeout(180_000); // a busy machine: key files are slow on purpose

const CLIP = join(VECTORS, 'clip.sallypkg');
const PACKAGE_ID = 'ba'.repeat(16);

t.test('keygen writes one key file for its owner only, and never over another', async (t) => {
  const folder = await stationFolder(t);
  const keys = join(folder, 'keys');
  const args = [
    'keygen',
    '-o',
    keys,
    '--label',
    '1팀 노트북',
    '--passphrase-file',
    join(folder, 'passphrase'),
  ];
  const { status, json } = await station(args);
  t.equal(status, 0);
  t.match(String(json['fingerprint']), /^([0-9a-f]{4} ){4}[0-9a-f]{4}$/);
  const path = join(keys, 'device.key');
  t.equal((await stat(path)).mode & 0o777, 0o600);
  const text = await readFile(path, 'utf8');
  const device = await openKeyFile(text, PASSPHRASE);
  t.strictSame([device.label, device.deviceId], ['1팀 노트북', json['deviceId']]);
  await t.rejects(openKeyFile(text, 'other'), { code: 'ERR_STATION_PASSPHRASE' });
  await t.rejects(openKeyFile('{}', PASSPHRASE), { code: 'ERR_STATION_KEY_FILE' });
  t.match((await station(args)).json, { ok: false, code: 'ERR_STATION_FILE_EXISTS' });
  t.strictSame(await readdir(keys), ['device.key']);
});

t.test('verify says intact, who approved, when and for whom', async (t) => {
  const folder = await stationFolder(t);
  const { status, json } = await station(['verify', CLIP, '--ca', join(folder, 'ca.pem')]);
  t.equal(status, 0);
  t.match(json, {
    ok: true,
    verdict: 'intact',
    packageId: PACKAGE_ID,
    segments: 6,
    expired: false,
    revocations: 'not-checked',
  });
  t.equal(json['recipient'], actor('device-1-sign').ownerId);
  t.match(json['approvals'], [
    { kind: 'request-approval', approverId: actor('approver-1').subjectId },
    { kind: 'release-approval', approverId: actor('approver-2').subjectId },
  ]);
});

t.test('verify names the first fault, with a remedy in the language of the site', async (t) => {
  const folder = await stationFolder(t);
  const file = await readFile(CLIP);
  file[file.length - 700] = (file[file.length - 700] ?? 0) ^ 1;
  const broken = join(folder, 'broken.sallypkg');
  await writeFile(broken, file);
  const ca = ['--ca', join(folder, 'ca.pem')];
  const refused = await station(['verify', broken, ...ca], { language: 'ko' });
  t.equal(refused.status, 1);
  t.match(refused.json, { ok: false, code: 'ERR_SEAL_SEGMENT', remedy: /관제센터/ });
  const person = await station(['verify', broken, ...ca], { interactive: true });
  t.match(person.err, /ERR_SEAL_SEGMENT.*\n→ Obtain/);
  await writeFile(broken, file.subarray(0, 9000));
  t.match((await station(['verify', broken, ...ca])).json, { code: 'ERR_SEAL_TRUNCATED' });
  t.match((await station(['verify', join(folder, 'none'), ...ca])).json, {
    code: 'ERR_STATION_FILE_UNREADABLE',
  });
  t.match((await station(['verify', CLIP, '--ca', join(folder, 'passphrase')])).json, {
    code: 'ERR_STATION_CA_FILE',
  });
});

t.test('open writes the clip and nothing that did not verify', async (t) => {
  const folder = await stationFolder(t);
  const at = (name: string) => join(folder, name);
  await writeFile(at('licence'), `${await licenceFor(PACKAGE_ID)}\n`);
  const args = (path: string, out: string) => [
    'open',
    path,
    '--key',
    at('device.key'),
    '--licence',
    at('licence'),
    '--ca',
    at('ca.pem'),
    '-o',
    out,
    '--passphrase-file',
    at('passphrase'),
  ];
  const { status, json } = await station(args(CLIP, at('clip.mp4')));
  t.equal(status, 0);
  t.match(json, {
    camera: '시청 앞 사거리 1번',
    watermark: 'none (not built)',
    files: [at('clip.mp4')],
  });
  const clip = await readFile(at('clip.mp4'));
  const accepted = JSON.parse(await readFile(join(VECTORS, 'accept-clip.json'), 'utf8')) as {
    open: { clipSha256: string };
  };
  t.equal(createHash('sha256').update(clip).digest('hex'), accepted.open.clipSha256);
  t.match((await station(args(CLIP, at('clip.mp4')))).json, { code: 'ERR_STATION_FILE_EXISTS' });

  await mkdir(at('all'));
  t.equal((await station(args(CLIP, at('all')))).status, 0);
  t.strictSame((await readdir(at('all'))).sort(), [
    'clip.mp4',
    'custody.json',
    'manifest.json',
    'redaction-report.json',
  ]);

  const file = await readFile(CLIP);
  file[file.length - 1000] = (file[file.length - 1000] ?? 0) ^ 1;
  await writeFile(at('broken'), file);
  t.match((await station(args(at('broken'), at('no.mp4')))).json, { code: 'ERR_SEAL_SEGMENT' });
  await writeFile(at('longer'), Buffer.concat([await readFile(CLIP), Buffer.of(0)]));
  t.match((await station(args(at('longer'), at('no.mp4')))).json, { code: 'ERR_SEAL_TRAILING' });
  t.notOk((await readdir(folder)).some((name) => name.startsWith('no.mp4')));
});

t.test(
  'open refuses a wrong passphrase, a licence of another package, and a package that is over',
  async (t) => {
    const folder = await stationFolder(t);
    const at = (name: string) => join(folder, name);
    await writeFile(at('licence'), await licenceFor(PACKAGE_ID));
    await writeFile(at('other'), await licenceFor('bb'.repeat(16)));
    await writeFile(at('wrong'), 'wrong');
    const run = (licence: string, passphrase: string, now = NOW) =>
      station(
        [
          'open',
          CLIP,
          '--key',
          at('device.key'),
          '--licence',
          at(licence),
          '--ca',
          at('ca.pem'),
          '-o',
          at('x.mp4'),
          '--passphrase-file',
          at(passphrase),
        ],
        { now },
      );
    t.match((await run('licence', 'wrong')).json, { code: 'ERR_STATION_PASSPHRASE' });
    t.match((await run('other', 'passphrase')).json, { code: 'ERR_SEAL_LICENCE' });
    t.match((await run('licence', 'passphrase', new Date('2026-12-06T00:00:00Z'))).json, {
      code: 'ERR_SEAL_EXPIRED',
    });
    t.notOk((await readdir(folder)).includes('x.mp4'));
  },
);

t.test('ARIA packages open too', async (t) => {
  const folder = await stationFolder(t);
  const at = (name: string) => join(folder, name);
  await writeFile(at('licence'), await licenceFor('bc'.repeat(16)));
  const path = join(VECTORS, 'aria.sallypkg');
  const { status } = await station([
    'open',
    path,
    '--key',
    at('device.key'),
    '--licence',
    at('licence'),
    '--ca',
    at('ca.pem'),
    '-o',
    at('a.mp4'),
    '--passphrase-file',
    at('passphrase'),
  ]);
  t.equal(status, 0);
  t.equal((await readFile(at('a.mp4'))).length, 9000);
});

t.test('a wrong command line is told apart from a refusal', async (t) => {
  t.equal((await station([])).status, 2);
  t.equal((await station(['--help'])).status, 0);
  t.equal((await station(['verify', CLIP])).status, 2);
  t.match((await station(['verify', CLIP, '--nonsense'])).json, { code: 'ERR_STATION_USAGE' });
  t.match((await station(['keygen', '-o', 'x'])).json, { code: 'ERR_STATION_SECRET_MISSING' });
  t.match((await station(['--help'], { language: 'ko' })).out, /봉인된 영상/);
});
