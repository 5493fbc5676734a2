import multipart, { type Multipart } from '@fastify/multipart';
import {
  ConsoleExport,
  ConsoleFootage,
  ConsoleFootageList,
  FootageChoiceBody,
  FootageQuery,
  Id128,
  IdParams,
  SallyportError,
  UtcTime,
  isSallyportError,
  parse,
  strictObject,
  type RequestDetails,
} from '@sallyport/contracts';
import { getSession, type SallyportServer } from '@sallyport/runtime';
import Type from 'typebox';
import { getPolicy } from '../acts/policy.ts';
import { detailsOf } from '../acts/receive-request.ts';
import { runExport } from '../pipeline/run-export.ts';
import { showExport, showFootage } from '../pipeline/show-export.ts';
import { byAccount } from '../store/actors.ts';
import { importFootage, type FootageFacts } from '../store/footage.ts';
import type { FootageTools } from './footage-tools.ts';

const UploadFields = strictObject({
  cameraId: Id128,
  startsAt: UtcTime,
  name: Type.Optional(Type.String({ maxLength: 1000 })),
});
/** What surrounds the file in a multipart body: boundaries and three short fields. */
const ENVELOPE_BYTES = 64 * 1024;

/** Footage in, and the choice of footage for an export: steps before and at 4. */
export async function footageRoutes(server: SallyportServer, tools: FootageTools): Promise<void> {
  const { db, fields, clock, footageLimitBytes } = tools;
  await server.register(multipart, {
    limits: {
      fileSize: footageLimitBytes,
      files: 1,
      fields: 3,
      fieldSize: 4_096,
      parts: 4,
      headerPairs: 20,
    },
    throwFileSizeLimit: false,
  });

  server.get(
    '/v1/footage',
    { schema: { querystring: FootageQuery, response: { 200: ConsoleFootageList } } },
    async (request) => {
      const { offset = 0, limit = 100, cameraId } = request.query;
      const where = cameraId === undefined ? {} : { cameraId };
      const rows = await db.footage.findMany({
        where,
        orderBy: { importedAt: 'desc' },
        skip: offset,
        take: limit,
      });
      const total = await db.footage.count({ where });
      return { rows: rows.map((row) => showFootage(row, fields)), total };
    },
  );

  server.post(
    '/v1/footage',
    {
      schema: { response: { 201: ConsoleFootage } },
      bodyLimit: footageLimitBytes + ENVELOPE_BYTES,
      config: { slowBody: true },
    },
    async (request, reply) => {
      const { accountId } = getSession(request);
      if (!request.isMultipart()) throw new SallyportError('ERR_REQUEST_MEDIA_TYPE');
      const row = await takeUpload(request.parts(), tools, accountId);
      return reply.code(201).send(showFootage(row, fields));
    },
  );

  server.post(
    '/v1/exports/:id/footage',
    { schema: { params: IdParams, body: FootageChoiceBody, response: { 200: ConsoleExport } } },
    async (request) => {
      const { id: exportId } = request.params;
      const { accountId } = getSession(request);
      const { footageId, style, targets } = request.body;
      const row = await db.export.findUnique({
        where: { id: exportId },
        include: { request: true },
      });
      if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
      const { policy } = await getPolicy(db);
      const asked: RequestDetails['maskTargets'] = detailsOf(fields, row.request)?.maskTargets ?? [
        'face',
      ];
      const choice = {
        exportId,
        footageId,
        // A site may demand more masking than was asked for, an operator's choice included.
        targets: [...new Set([...(targets ?? asked), ...policy.maskTargets])],
        style: style ?? policy.maskStyle,
        preparer: { accountId, actor: byAccount(accountId) },
      };
      await runExport.choose(db, choice, clock());
      return showExport(db, exportId);
    },
  );
}

/** Fields first, then the file: the camera must be known before the first byte is kept. */
async function takeUpload(
  parts: AsyncIterableIterator<Multipart>,
  tools: FootageTools,
  accountId: string,
) {
  const { db, site, places, fields: personal, clock } = tools;
  const given: Record<string, unknown> = {};
  try {
    for await (const part of parts) {
      if (part.type === 'field') {
        given[part.fieldname] = part.value;
        continue;
      }
      const { cameraId, startsAt, name } = parse(UploadFields, given, 'ERR_FOOTAGE_INCOMPLETE');
      const facts: FootageFacts = {
        cameraId,
        startsAt: new Date(startsAt),
        name: name ?? null,
        source: 'upload',
        importedById: accountId,
        actor: byAccount(accountId),
      };
      return await importFootage(
        { db, site, places, personal },
        facts,
        wholeFile(part.file),
        clock(),
      );
    }
  } catch (error) {
    if (isSallyportError(error)) throw error;
    throw uploadFault(error);
  }
  throw new SallyportError('ERR_FOOTAGE_INCOMPLETE', { detail: { part: 'file' } });
}

/** A file that was cut at the limit ends without an error of its own: the flag is the only sign. */
async function* wholeFile(
  file: AsyncIterable<Buffer> & { readonly truncated: boolean },
): AsyncGenerator<Buffer> {
  yield* file;
  if (file.truncated) throw new SallyportError('ERR_FOOTAGE_TOO_LARGE');
}

/** Multipart faults are the sender's; anything else is ours. */
function uploadFault(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isSenders =
    code.startsWith('FST_') ||
    code === 'ECONNRESET' ||
    /premature|unexpected end|aborted/i.test(error.message);
  return isSenders ? new SallyportError('ERR_FOOTAGE_INCOMPLETE', { cause: error }) : error;
}
