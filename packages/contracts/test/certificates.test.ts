import {
  certificateId,
  groupFingerprint,
  inspectCertificate,
  verifyCertificate,
} from '@sallyport/contracts';
import t from 'tap';
import { ID_A, ID_B, makeTestSite, NOW } from './site.ts';

t.test('a certificate of the site is read with its role, ids and key', async (t) => {
  const site = await makeTestSite();
  const signer = await site.signer('approver', { subjectId: ID_A, ownerId: ID_B });
  const identity = await verifyCertificate(signer.certificate, site.trust, NOW);
  t.match(identity, {
    role: 'approver',
    subjectId: ID_A,
    ownerId: ID_B,
    publicKey: signer.publicKey,
  });
  t.equal((await certificateId(signer.certificate)).length, 64);
  t.same((await inspectCertificate(signer.certificate)).serial, identity.serial);
});

t.test('refuses another authority, the CA itself, expiry, revocation and junk', async (t) => {
  const site = await makeTestSite();
  const other = await makeTestSite();
  const foreign = await other.signer('approver');
  await t.rejects(verifyCertificate(foreign.certificate, site.trust, NOW), {
    code: 'ERR_CERTIFICATE_UNKNOWN',
  });
  await t.rejects(verifyCertificate(site.trust.ca, site.trust, NOW), {
    code: 'ERR_CERTIFICATE_UNKNOWN',
  });
  await t.rejects(verifyCertificate('AAAA', site.trust, NOW), { code: 'ERR_CERTIFICATE_UNKNOWN' });
  const signer = await site.signer('seal');
  await t.rejects(verifyCertificate(signer.certificate, site.trust, new Date('2028-01-01')), {
    code: 'ERR_CERTIFICATE_EXPIRED',
  });
  await t.rejects(verifyCertificate(signer.certificate, site.trust, new Date('2025-01-01')), {
    code: 'ERR_CERTIFICATE_EXPIRED',
  });
  const { serial } = await inspectCertificate(signer.certificate);
  const revoking = { ...site.trust, revoked: new Set([serial]) };
  await t.rejects(verifyCertificate(signer.certificate, revoking, NOW), {
    code: 'ERR_CERTIFICATE_REVOKED',
  });
});

t.test('a fingerprint is grouped for reading aloud', (t) => {
  t.equal(groupFingerprint('0123456789abcdef', 12), '0123 4567 89ab');
  t.end();
});
