import t from 'tap';
import { assertLicensable, toPortalLicence } from '@sallyport/dmz-gateway/domain/licence-rules.js';

const id = (byte: string) => byte.repeat(16);
const device = {
  deviceId: id('d1'),
  signCertificateId: 'aa'.repeat(32),
  agreeCertificateId: 'bb'.repeat(32),
};
const grant = {
  status: 'active', recipientOfficerId: id('0f'), devices: [device], notBefore: new Date('2026-11-01T00:00:00Z'),
  notAfter: new Date('2026-12-01T00:00:00Z'), plays: 2, playsUsed: 0, channel: 'gateway', keyDestroyedAt: null,
}; // prettier-ignore
const asks = {
  officerId: id('0f'),
  deviceId: device.deviceId,
  signCertificateId: device.signCertificateId,
};
const now = new Date('2026-11-21T00:00:00Z');

void t.test(
  'a licence is issued within period, count, device and person, and for nobody else',
  (t) => {
    t.same(assertLicensable(grant, asks, now), device);
    const refused = (change: object, code: string, other: object = {}) =>
      t.throws(() => assertLicensable({ ...grant, ...change }, { ...asks, ...other }, now), {
        code,
      });
    refused({ status: 'revoked' }, 'ERR_LICENCE_REVOKED');
    refused({ keyDestroyedAt: now }, 'ERR_LICENCE_EXPIRED');
    refused({ notAfter: now }, 'ERR_LICENCE_EXPIRED');
    refused({ notBefore: new Date(now.getTime() + 1) }, 'ERR_LICENCE_NOT_YET');
    refused({ channel: 'file' }, 'ERR_LICENCE_CHANNEL');
    refused({ playsUsed: 2 }, 'ERR_LICENCE_USED_UP');
    refused({}, 'ERR_LICENCE_DEVICE', { deviceId: id('d2') });
    refused({}, 'ERR_LICENCE_DEVICE', { signCertificateId: 'cc'.repeat(32) });
    refused({}, 'ERR_LICENCE_DEVICE', { officerId: id('0e') });
    t.end();
  },
);

void t.test('no plays stated means no limit, and each state has its name', (t) => {
  t.match(toPortalLicence({ ...grant, plays: 0, playsUsed: 99 }, now), {
    state: 'active',
    playsLeft: null,
  });
  t.match(toPortalLicence(null, now), { state: 'none' });
  t.match(toPortalLicence({ ...grant, playsUsed: 2 }, now), { state: 'used-up', playsLeft: 0 });
  t.match(toPortalLicence({ ...grant, keyDestroyedAt: now }, now), { state: 'destroyed' });
  t.match(toPortalLicence(grant, new Date('2027-01-01T00:00:00Z')), { state: 'expired' });
  t.match(toPortalLicence(grant, new Date('2026-01-01T00:00:00Z')), { state: 'not-yet' });
  t.match(toPortalLicence({ ...grant, status: 'revoked' }, now), { state: 'revoked' });
  t.end();
});
