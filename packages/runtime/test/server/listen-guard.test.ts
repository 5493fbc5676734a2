import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLoopback, listen } from '@sallyport/runtime';
import t from 'tap';
import { serverFor } from './fixture.ts';

t.test('tells loopback addresses from all others', (t) => {
  for (const address of ['127.0.0.1', '127.8.9.1', '::1'])
    t.equal(isLoopback(address), true, address);
  const others = ['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', 'localhost', '127.0.0.1.example', ''];
  for (const address of others) t.equal(isLoopback(address), false, address);
  t.end();
});

for (const host of ['0.0.0.0', '::', '192.0.2.1', 'localhost', '']) {
  t.test(`refuses to listen on "${host}" without TLS`, async (t) => {
    const server = await serverFor(t);
    await t.rejects(listen(server, { host, port: 0 }), { code: 'ERR_LISTEN_INSECURE' });
    await t.rejects(server.listen({ host, port: 0 }), { code: 'ERR_LISTEN_INSECURE' });
    t.equal(server.server.listening, false);
  });
}

t.test('refuses the default address and port numbers given without a host', async (t) => {
  const server = await serverFor(t);
  await t.rejects(server.listen({ port: 0 }), { code: 'ERR_LISTEN_INSECURE' });
});

t.test('listens on loopback without TLS, and anywhere with it', async (t) => {
  const plain = await serverFor(t);
  t.match(await listen(plain, { host: '127.0.0.1', port: 0 }), /^http:\/\/127\.0\.0\.1:[0-9]+$/);

  const folder = await mkdtemp(join(tmpdir(), 'tls-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=demo',
    ].concat(['-days', '1', '-keyout', key, '-out', cert]),
    { stdio: 'ignore' },
  );
  const tls = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  const secure = await serverFor(t, { tls });
  await listen(secure, { host: '0.0.0.0', port: 0 });
  const { port } = secure.server.address() as AddressInfo;
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    request({
      port,
      host: '127.0.0.1',
      path: '/healthz',
      ca: tls.cert,
      checkServerIdentity: () => undefined,
    })
      .on('response', (response) => {
        response.resume();
        resolve(response.headers);
      })
      .on('error', reject)
      .end();
  });
  t.match(headers['strict-transport-security'], /^max-age=/);
});
