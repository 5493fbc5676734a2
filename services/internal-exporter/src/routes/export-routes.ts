import {
  ApprovalReply,
  ConsoleExport,
  ConsoleTracks,
  FrameParams,
  IdParams,
  MaskPlanBody,
  MaskPlanReply,
  RedactionReport,
  ReleaseApprovalBody,
  ReleaseApprovalDraft,
  ResealBody,
  ReviewBody,
  SallyportError,
  parse,
} from '@sallyport/contracts';
import { getSession, type SallyportServer } from '@sallyport/runtime';
import { Readable } from 'node:stream';
import { getPolicy } from '../acts/policy.ts';
import { RenderedFacts } from '../store/rendered-facts.ts';
import { resealExport, retryExport } from '../pipeline/retry-export.ts';
import { findNewestPlan } from '../pipeline/review-masks.ts';
import { runExport } from '../pipeline/run-export.ts';
import { showExport } from '../pipeline/show-export.ts';
import { byAccount } from '../store/actors.ts';
import { decryptAtRest } from '../store/at-rest.ts';
import { inTransaction } from '../store/database.ts';
import { workFile } from '../store/file-places.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { readWorkDocument } from '../store/work-documents.ts';
import type { FootageTools } from './footage-tools.ts';

/** Review, release, mending: everything a person does with an export once it has footage. */
export function exportRoutes(server: SallyportServer, tools: FootageTools): void {
  showRoutes(server, tools);
  reviewRoutes(server, tools);
  releaseRoutes(server, tools);
  mendRoutes(server, tools);
}

/** Pictures are asked for by the dozen: one entry of a session and export covers this long. */
const PICTURES_MS = 600_000;
const MOST_REMEMBERED = 1000;

function showRoutes(server: SallyportServer, tools: FootageTools): void {
  const { db, places, previewKey, clock } = tools;
  const pictures = new Map<string, number>();

  async function recordPictures(
    exportId: string,
    { sessionId, accountId }: { readonly sessionId: string; readonly accountId: string },
  ): Promise<void> {
    const key = `${sessionId} ${exportId}`;
    const nowMs = clock().getTime();
    if (nowMs - (pictures.get(key) ?? 0) < PICTURES_MS) return;
    await recordViewing(tools, exportId, accountId);
    if (pictures.size >= MOST_REMEMBERED) pictures.clear();
    pictures.set(key, nowMs);
  }

  server.get(
    '/v1/exports/:id',
    { schema: { params: IdParams, response: { 200: ConsoleExport } } },
    (request) => showExport(db, request.params.id),
  );

  server.get(
    '/v1/exports/:id/tracks',
    { schema: { params: IdParams, response: { 200: ConsoleTracks } } },
    async (request, reply) => {
      const { id } = request.params;
      const newest = await findNewestPlan(tools, id);
      await recordViewing(tools, id, getSession(request).accountId);
      const previews = (await findPreviews(tools, id)).map(({ atMs }) => ({ atMs }));
      return reply.header('etag', `"${newest.version}"`).send({ ...newest, previews });
    },
  );

  server.get(
    '/v1/exports/:id/frames/:n',
    { schema: { params: FrameParams } },
    async (request, reply) => {
      const { id, n } = request.params;
      const preview = (await findPreviews(tools, id))[n];
      if (preview === undefined) throw new SallyportError('ERR_PREVIEW_UNKNOWN');
      await recordPictures(id, getSession(request));
      const jpeg = await readWorkDocument(places, preview.fileId, previewKey);
      return reply.type('image/jpeg').send(jpeg);
    },
  );

  server.get(
    '/v1/exports/:id/report',
    { schema: { params: IdParams, response: { 200: RedactionReport } } },
    async (request) => {
      const { report } = await findRendered(tools, request.params.id);
      const bytes = await readWorkDocument(places, report.fileId, previewKey);
      return parse(RedactionReport, JSON.parse(bytes.toString('utf8')), 'ERR_INTERNAL');
    },
  );

  server.get('/v1/exports/:id/clip', { schema: { params: IdParams } }, async (request, reply) => {
    const { id } = request.params;
    const { clip } = await findRendered(tools, id);
    await recordViewing(tools, id, getSession(request).accountId);
    const plain = decryptAtRest(workFile(places, clip.fileId), clip.fileId, previewKey);
    return reply
      .type('video/mp4')
      .header('content-length', clip.sizeBytes)
      .send(Readable.from(plain));
  });
}

function reviewRoutes(server: SallyportServer, tools: FootageTools): void {
  const { db, clock } = tools;

  server.put(
    '/v1/exports/:id/mask-plan',
    { schema: { params: IdParams, body: MaskPlanBody, response: { 200: MaskPlanReply } } },
    async (request, reply) => {
      const { accountId } = getSession(request);
      const change = {
        exportId: request.params.id,
        basedOn: versionOf(request.headers['if-match']),
        edits: request.body.edits,
        accountId,
        actor: byAccount(accountId),
      };
      const kept = await runExport.edit(tools, change, clock());
      return reply.header('etag', `"${kept.version}"`).send(kept);
    },
  );

  server.post(
    '/v1/exports/:id/review',
    { schema: { params: IdParams, body: ReviewBody, response: { 200: ConsoleExport } } },
    async (request) => {
      const { accountId } = getSession(request);
      const { id: exportId } = request.params;
      const { version } = request.body;
      await runExport.review(
        db,
        { exportId, version, accountId, actor: byAccount(accountId) },
        clock(),
      );
      return showExport(db, exportId);
    },
  );
}

function releaseRoutes(
  server: SallyportServer,
  { db, site, fields: personal, clock }: FootageTools,
): void {
  const release = { db, site, personal };

  server.get(
    '/v1/exports/:id/release-draft',
    { schema: { params: IdParams, response: { 200: ReleaseApprovalDraft } } },
    async (request) => {
      const { accountId } = getSession(request);
      const { policy } = await getPolicy(db);
      const asked = { exportId: request.params.id, accountId, validDays: policy.approvalValidDays };
      return runExport.draftRelease(release, asked, clock());
    },
  );

  server.post(
    '/v1/exports/:id/approvals',
    { schema: { params: IdParams, body: ReleaseApprovalBody, response: { 201: ApprovalReply } } },
    async (request, reply) => {
      const { accountId } = getSession(request);
      const { id: exportId } = request.params;
      const given = { exportId, jws: request.body.jws, accountId, actor: byAccount(accountId) };
      return reply.code(201).send(await runExport.recordRelease(release, given, clock()));
    },
  );
}

function mendRoutes(server: SallyportServer, { db, clock }: FootageTools): void {
  server.post(
    '/v1/exports/:id/retry',
    { schema: { params: IdParams, response: { 200: ConsoleExport } } },
    async (request) => {
      const { id: exportId } = request.params;
      await retryExport(db, { exportId, actor: byAccount(getSession(request).accountId) }, clock());
      return showExport(db, exportId);
    },
  );

  server.post(
    '/v1/exports/:id/reseal',
    { schema: { params: IdParams, body: ResealBody, response: { 200: ConsoleExport } } },
    async (request) => {
      const { id: exportId } = request.params;
      const { supersedes } = request.body;
      const actor = byAccount(getSession(request).accountId);
      await resealExport(db, { exportId, supersedes, actor }, clock());
      return showExport(db, exportId);
    },
  );
}

/** @throws SallyportError ERR_EXPORT_VERSION_REQUIRED unless the header is one quoted number */
function versionOf(header: string | undefined): number {
  const match = /^"([1-9][0-9]{0,6})"$/.exec(header ?? '');
  if (match === null) throw new SallyportError('ERR_EXPORT_VERSION_REQUIRED');
  return Number(match[1]);
}

async function findPreviews(
  { db }: FootageTools,
  exportId: string,
): Promise<{ fileId: string; atMs: number }[]> {
  const row = await db.export.findUnique({ where: { id: exportId } });
  if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
  return row.previews as unknown as { fileId: string; atMs: number }[]; // written by the detect step only
}

async function findRendered({ db }: FootageTools, exportId: string): Promise<RenderedFacts> {
  const row = await db.export.findUnique({ where: { id: exportId } });
  if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
  if (row.rendered === null || row.wipedAt !== null)
    throw new SallyportError('ERR_PREVIEW_UNKNOWN');
  return parse(RenderedFacts, row.rendered, 'ERR_INTERNAL');
}

/** Whoever looks at footage, masked or not, leaves an entry. */
async function recordViewing(
  { db, clock }: FootageTools,
  exportId: string,
  accountId: string,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { requestId } = await tx.export.findUniqueOrThrow({ where: { id: exportId } });
    const event = { kind: 'preview.viewed', requestId, exportId } as const;
    await recordEvent(tx, { at: clock(), actor: byAccount(accountId), event });
  });
}
