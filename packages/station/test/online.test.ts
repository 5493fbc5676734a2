import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { verifyRecord } from '@sallyport/contracts';
import {
  GatewayClient,
  openKeyFile,
  playbackReceipt,
  readCertificates,
  toPem,
} from '@sallyport/station';
import { startGateway } from './gateway.ts';
import { actor, NOW, PASSPHRASE, site, station, stationFolder, VECTORS } from './site.ts';

t.setTimeout(180_000); // a busy machine: key files are slow on purpose

const PACKAGE_ID = 'ba'.repeat(16);

async function atGateway(folder: string, url: string, ...args: string[]) {
  const at = (name: string) => join(folder, name);
  const session = [
    '--gateway',
    url,
    '--login',
    'kim1',
    '--password-file',
    at('password'),
    '--totp',
    '123456',
  ];
  return station([...args, ...session, '--passphrase-file', at('passphrase')]);
}

t.test(
  'enrol posts the keys, answers the challenge, waits for the operator and keeps the certificates',
  async (t) => {
    const folder = await stationFolder(t);
    const gateway = await startGateway(t);
    const key = join(folder, 'device.key');
    await rm(join(folder, 'certificates.json'));
    gateway.verdict = 'waiting';
    const early = await atGateway(
      folder,
      gateway.url,
      'enrol',
      '--key',
      key,
      '--ca',
      join(folder, 'ca.pem'),
      '--wait',
      '0',
    );
    t.match(early.json, {
      code: 'ERR_STATION_ENROLMENT_PENDING',
      detail: { fingerprint: /^[0-9a-f]{4} / },
    });
    gateway.verdict = 'confirmed';
    await rm(join(folder, 'ca.pem'));
    const { status, json } = await atGateway(folder, gateway.url, 'enrol', '--key', key);
    t.equal(status, 0);
    t.match(json, { state: 'confirmed', deviceId: actor('device-1-sign').subjectId });
    t.equal(await readFile(join(folder, 'ca.pem'), 'utf8'), toPem(site.ca));
    const device = await readCertificates(
      key,
      await openKeyFile(await readFile(key, 'utf8'), PASSPHRASE),
    );
    t.equal(device.officerId, actor('device-1-sign').ownerId);
  },
);

t.test('enrol refuses a gateway with another CA, and tells a refusal of the centre', async (t) => {
  const folder = await stationFolder(t);
  const gateway = await startGateway(t);
  const key = ['--key', join(folder, 'device.key')];
  const strange = join(folder, 'strange.pem');
  // Any certificate that is no CA is not even a CA file.
  await writeFile(strange, toPem(actor('gateway').certificate));
  t.match((await atGateway(folder, gateway.url, 'enrol', ...key, '--ca', strange)).json, {
    code: 'ERR_STATION_CA_FILE',
  });
  gateway.verdict = 'refused';
  const refused = await atGateway(
    folder,
    gateway.url,
    'enrol',
    ...key,
    '--ca',
    join(folder, 'ca.pem'),
  );
  t.match(refused.json, { ok: false, code: 'ERR_STATION_ENROLMENT_REFUSED' });
});

t.test('certificates for other keys are refused', async (t) => {
  const folder = await stationFolder(t);
  const gateway = await startGateway(t);
  const keys = join(folder, 'new');
  await station(['keygen', '-o', keys, '--passphrase-file', join(folder, 'passphrase')]);
  const outcome = await atGateway(folder, gateway.url, 'enrol', '--key', join(keys, 'device.key'));
  t.match(outcome.json, { code: 'ERR_STATION_CERTIFICATE' });
});

t.test(
  'fetch, licence and open: from the gateway to a clip, offline at the last step',
  async (t) => {
    const folder = await stationFolder(t);
    const at = (name: string) => join(folder, name);
    const gateway = await startGateway(t);
    const ca = ['--ca', at('ca.pem')];
    const fetched = await atGateway(
      folder,
      gateway.url,
      'fetch',
      PACKAGE_ID,
      '-o',
      at('p.sallypkg'),
      ...ca,
    );
    t.equal(fetched.status, 0);
    t.ok((await readFile(at('p.sallypkg'))).equals(await readFile(join(VECTORS, 'clip.sallypkg'))));
    const licence = await atGateway(
      folder,
      gateway.url,
      'licence',
      at('p.sallypkg'),
      '-o',
      at('l'),
      '--key',
      at('device.key'),
      ...ca,
    );
    t.match(licence.json, { ok: true, packageId: PACKAGE_ID, playsLeft: 3 });
    const args = [
      'open',
      at('p.sallypkg'),
      '--key',
      at('device.key'),
      '--licence',
      at('l'),
      ...ca,
      '-o',
      at('clip.mp4'),
    ];
    t.equal((await station([...args, '--passphrase-file', at('passphrase')])).status, 0);
  },
);

t.test(
  'receipts are posted within the session, and a refusal keeps the gateway’s own code',
  async (t) => {
    const folder = await stationFolder(t);
    const { url, receipts } = await startGateway(t);
    const key = join(folder, 'device.key');
    const device = await readCertificates(
      key,
      await openKeyFile(await readFile(key, 'utf8'), PASSPHRASE),
    );
    const jws = await playbackReceipt(device, {
      packageId: PACKAGE_ID,
      licenceId: '1'.repeat(32),
      event: 'opened',
      now: NOW,
    });
    const gateway = new GatewayClient({ url });
    await t.rejects(gateway.receipt(jws), { code: 'ERR_RECORD_HEADER', detail: { status: 403 } });
    await t.rejects(gateway.login({ login: 'kim1', password: 'no', totp: '000000' }), {
      code: 'ERR_RECORD_SIGNATURE',
    });
    await gateway.login({ login: 'kim1', password: 'password', totp: '000000' });
    await gateway.receipt(jws);
    const trust = { ca: site.ca, revoked: new Set<string>() };
    await verifyRecord('playback-receipt', receipts[0] ?? '', {
      trust,
      now: NOW,
      roles: ['device-sign'],
    });
    const nowhere = new GatewayClient({ url: 'http://127.0.0.1:1' });
    await t.rejects(nowhere.site(), { code: 'ERR_STATION_GATEWAY_UNREACHABLE' });
  },
);
