import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveStaticSite, type SallyportServer } from '@sallyport/runtime';
import t, { type Test } from 'tap';
import { serverFor } from './fixture.ts';

async function siteFor(t: Test): Promise<SallyportServer> {
  const folder = await mkdtemp(join(tmpdir(), 'site-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(folder, 'dist', 'assets', 'app-4f2a.js'), 'export {};');
  const server = await serverFor(t);
  server.get('/v1/here', { config: { access: 'public' } }, () => ({ here: true }));
  await serveStaticSite(server, { root: join(folder, 'dist') });
  await server.ready();
  return server;
}

t.test('serves the page at every page address, and assets for ever', async (t) => {
  const server = await siteFor(t);
  for (const url of ['/', '/requests/12', '/login?next=%2F']) {
    const page = await server.inject(url);
    t.equal(page.statusCode, 200, url);
    t.match(page.headers, { 'content-type': /^text\/html/, 'cache-control': 'no-cache' });
    t.match(page.headers['content-security-policy'], "script-src 'self'");
  }
  const asset = await server.inject('/assets/app-4f2a.js');
  t.match(asset.headers, { 'content-type': /^text\/javascript/, 'cache-control': /immutable/ });
  const again = await server.inject({
    url: '/assets/app-4f2a.js',
    headers: { 'if-none-match': String(asset.headers['etag']) },
  });
  t.equal(again.statusCode, 304);
});

t.test('never answers an API address or a missing asset with the page', async (t) => {
  const server = await siteFor(t);
  t.match((await server.inject('/v1/gone')).json(), { code: 'ERR_ROUTE_NOT_FOUND' });
  t.match((await server.inject('/assets/app-0000.js')).json(), { code: 'ERR_ROUTE_NOT_FOUND' });
  const wrong = await server.inject({ method: 'DELETE', url: '/v1/here' });
  t.match(wrong.json(), { code: 'ERR_METHOD_NOT_ALLOWED' });
});

t.test('reaches no file outside its folder', async (t) => {
  const server = await siteFor(t);
  for (const url of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%00.js',
  ]) {
    const response = await server.inject(url);
    t.equal(response.statusCode, 404, url);
    t.notOk(response.body.includes('secret'));
  }
});

t.test('refuses to start without a built page', async (t) => {
  const server = await serverFor(t);
  const folder = await mkdtemp(join(tmpdir(), 'site-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await t.rejects(serveStaticSite(server, { root: folder }), { code: 'ERR_ROUTE_NOT_FOUND' });
});
