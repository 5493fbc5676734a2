import { once } from 'node:events';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  certificateId,
  groupFingerprint,
  inspectCertificate,
  issueServerCertificate,
  makeCaCertificate,
  toPem,
  verifyCertificate,
} from '@sallyport/contracts';
import t from 'tap';
import { ID_A, ID_B, makeTestSite, NOW, signingPair } from './site.ts';

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

t.test('a server certificate of the CA serves TLS, and signs no record', async (t) => {
  const authority = await signingPair();
  const validity = {
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 60_000),
  };
  const random = () => crypto.getRandomValues(new Uint8Array(16));
  const ca = await makeCaCertificate({
    keys: authority,
    siteId: ID_A,
    serial: random(),
    ...validity,
  });
  const keys = await signingPair();
  const certificate = await issueServerCertificate({
    ca,
    caKey: authority.privateKey,
    publicKey: keys.publicKey,
    hosts: [
      { type: 'dns', value: 'console.example' },
      { type: 'ip', value: '127.0.0.1' },
    ],
    serial: random(),
    ...validity,
  });
  const trust = { ca, revoked: new Set<string>() };
  await t.rejects(verifyCertificate(certificate, trust, new Date()), {
    code: 'ERR_CERTIFICATE_UNKNOWN',
  });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString(
    'base64',
  );
  const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`;
  const server = createServer({ cert: toPem(certificate), key: pem }, (_request, response) => {
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo; // a TCP server's address
  const status = async (options: object) => {
    const request = get({ host: '127.0.0.1', port, agent: false, ...options });
    const [response] = (await once(request, 'response')) as [
      { statusCode: number; resume(): void },
    ];
    response.resume();
    return response.statusCode;
  };
  t.equal(await status({ ca: toPem(ca) }), 200);
  t.equal(await status({ ca: toPem(ca), servername: 'console.example' }), 200);
  await t.rejects(status({}), 'a client without the CA refuses');
  await t.rejects(
    status({ ca: toPem(ca), servername: 'other.example' }),
    'another name is refused',
  );
});
