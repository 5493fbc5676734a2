import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PERMISSIONS } from '@sallyport/internal-exporter/config/permissions.js';
import { exportRoutes } from '@sallyport/internal-exporter/routes/export-routes.js';
import { footageRoutes } from '@sallyport/internal-exporter/routes/footage-routes.js';
import {
  createServer,
  guardRoutes,
  type Permissions,
  type SallyportServer,
} from '@sallyport/runtime';
import t from 'tap';
import { startRoles } from '../roles-fixture.ts';
import { seedApprovedExport } from '../approved-export-fixture.ts';
import { logger, makeClip, makeSite, type SiteFixture } from '../site-fixture.ts';

const LIMIT = 200_000;
const BOUNDARY = 'sallyport-test';

/** The routes behind one session of `accountId`, with a small limit for uploads. */
async function serve(fixture: SiteFixture, accountId: string): Promise<SallyportServer> {
  const { db, site, personal, places } = fixture;
  const { review, seal } = await startRoles(fixture);
  await seal.ledger.close();
  const server = await createServer({
    service: 'test',
    logger,
    readiness: {},
    processMetrics: false,
  });
  const mine = ([route]: [string, unknown]) => /^\w+ \/v1\/(footage|exports)/.test(route);
  const permissions = Object.fromEntries(Object.entries(PERMISSIONS).filter(mine)) as Permissions;
  const session = { sessionId: 's', accountId, role: 'operator', csrf: 'c' };
  const tools = {
    db,
    site,
    places,
    fields: personal,
    previewKey: review.previewKey,
    clock: () => new Date(),
  };
  await server.register(async (scope) => {
    guardRoutes(scope, { permissions, authenticate: async () => session });
    // Only the session's own routes use `sessions`.
    const all = { ...tools, footageLimitBytes: LIMIT, sessions: undefined as never };
    await footageRoutes(scope, all);
    exportRoutes(scope, all);
  });
  return server;
}

/** A multipart body: fields in the order given, then the file. */
function upload(
  fields: Readonly<Record<string, string>>,
  file: Buffer | null,
  end = `\r\n--${BOUNDARY}--\r\n`,
) {
  const lines = Object.entries(fields).map(
    ([name, value]) =>
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="../../etc/passwd"\r\ncontent-type: video/mp4\r\n\r\n`;
  const payload = Buffer.concat([
    Buffer.from(lines.join('')),
    ...(file === null ? [] : [Buffer.from(head), file]),
    Buffer.from(file === null ? `--${BOUNDARY}--\r\n` : end),
  ]);
  const headers = {
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'x-sallyport-csrf': 'c',
  };
  return { method: 'POST', url: '/v1/footage', headers, payload } as const;
}

t.setTimeout(700_000);
t.test('footage comes in whole or not at all', { timeout: 600_000 }, async (t) => {
  const fixture = await makeSite(t);
  const { folder, places } = fixture;
  const operator = await fixture.addPerson('operator');
  const approver = await fixture.addPerson('approver');
  const { cameraId, exportId, startsAt } = await seedApprovedExport(fixture, approver);
  const server = await serve(fixture, operator.accountId);
  t.teardown(() => server.close());
  const clip = join(folder, 'clip.mp4');
  await makeClip(clip);
  const bytes = await readFile(clip);
  const facts = { cameraId, startsAt: startsAt.toISOString(), name: '정문' };
  const codeOf = async (request: ReturnType<typeof upload>) => {
    const { statusCode, body } = await server.inject(request);
    return `${statusCode} ${(JSON.parse(body) as { code?: string }).code ?? 'ok'}`;
  };

  t.equal(
    await codeOf(upload(facts, bytes.subarray(0, 10), '')),
    '400 ERR_FOOTAGE_INCOMPLETE',
    'cut off',
  );
  t.equal(
    await codeOf(upload(facts, Buffer.alloc(LIMIT + 1))),
    '413 ERR_FOOTAGE_TOO_LARGE',
    'past the limit',
  );
  t.equal(await codeOf(upload({ cameraId }, bytes)), '400 ERR_FOOTAGE_INCOMPLETE', 'no time');
  t.equal(await codeOf(upload(facts, null)), '400 ERR_FOOTAGE_INCOMPLETE', 'no file');
  t.equal(await codeOf(upload(facts, Buffer.alloc(0))), '422 ERR_MEDIA_EMPTY', 'nothing in it');
  for (const name of ['../x', 'a\u202eb', 'x'.repeat(300)]) {
    t.equal(await codeOf(upload({ ...facts, name }, bytes)), '422 ERR_FOOTAGE_NAME_INVALID');
  }
  const unknown = { ...facts, cameraId: 'f'.repeat(32) };
  t.equal(await codeOf(upload(unknown, bytes)), '422 ERR_FOOTAGE_CAMERA_UNKNOWN');
  t.same(await readdir(places.footage), [], 'nothing was kept');

  t.equal(await codeOf(upload(facts, bytes)), '201 ok');
  const [file = '', ...rest] = await readdir(places.footage);
  t.same(rest, []);
  t.notOk(
    (await readFile(join(places.footage, file))).includes(bytes.subarray(100, 140)),
    'it lies there encrypted',
  );

  const listed = await server.inject({ url: `/v1/footage?cameraId=${cameraId}` });
  const { rows } = listed.json<{ rows: { footageId: string; name: string }[] }>();
  t.equal(rows[0]?.name, '정문');
  const call = (method: 'POST' | 'PUT', url: string, payload: object, headers = {}) =>
    server.inject({ method, url, payload, headers: { 'x-sallyport-csrf': 'c', ...headers } });
  const chosen = await call('POST', `/v1/exports/${exportId}/footage`, {
    footageId: rows[0]?.footageId,
  });
  t.match(chosen.json(), {
    state: 'transcoding',
    progress: 'waiting',
    watermark: { kind: 'none' },
  });
  const again = await call('POST', `/v1/exports/${exportId}/footage`, {
    footageId: rows[0]?.footageId,
  });
  t.match(again.json(), { code: 'ERR_EXPORT_STATE' });

  const edits = { edits: [{ kind: 'remove', trackId: 'f'.repeat(32) }] };
  const plan = `/v1/exports/${exportId}/mask-plan`;
  t.match((await call('PUT', plan, edits)).json(), { code: 'ERR_EXPORT_VERSION_REQUIRED' });
  t.match((await call('PUT', plan, edits, { 'if-match': '"1"' })).json(), {
    code: 'ERR_EXPORT_STATE',
  });
  t.match((await call('POST', `/v1/exports/${exportId}/retry`, {})).json(), {
    code: 'ERR_EXPORT_NOTHING_TO_RETRY',
  });
  t.match((await server.inject({ url: `/v1/exports/${'e'.repeat(32)}` })).json(), {
    code: 'ERR_EXPORT_UNKNOWN',
  });
  t.match((await server.inject({ url: `/v1/exports/${exportId}/frames/0` })).json(), {
    code: 'ERR_PREVIEW_UNKNOWN',
  });
  t.match((await server.inject({ url: `/v1/exports/${exportId}/clip` })).json(), {
    code: 'ERR_PREVIEW_UNKNOWN',
  });
});
