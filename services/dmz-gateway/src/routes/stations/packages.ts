import {
  PortalPackage,
  PortalPackageParams,
  PortalPackages,
  PortalRecordBody,
  PortalSegmentParams,
  SallyportError,
  isSallyportError,
} from '@sallyport/contracts';
import { getSession, type SallyportServer } from '@sallyport/runtime';
import { LEAF_BYTES, segmentRange } from '@sallyport/seal/verify';
import type { FastifyRequest } from 'fastify';
import { recordRefusedDownload, tallyDownload } from '../../stations/downloads.ts';
import {
  authorizeDownload,
  getOwnPackage,
  listPackages,
  type ReadablePackage,
} from '../../stations/packages.ts';
import { readRange } from '../../store/package-files.ts';
import { getOfficerId, limitByAccount, type RouteContext } from '../context.ts';

/** A player fetches a quarter of a megabyte at a time. */
const SEGMENTS_PER_MINUTE = 12_000;
const OCTETS = 'application/octet-stream';
const CACHE = 'private, no-transform';

/** Packages: what is addressed to me, its header, its leaf table, its segments one by one. */
export function packageRoutes(scope: SallyportServer, context: RouteContext): void {
  const { db, paths, clock } = context;

  /** The right to read is decided anew for every call; a refusal is written down. */
  async function open(
    request: FastifyRequest,
    packageId: string,
  ): Promise<{ readonly view: ReadablePackage; readonly officerId: string }> {
    if (request.headers.range !== undefined) throw new SallyportError('ERR_RANGE_REFUSED');
    const officerId = await getOfficerId(db, request);
    try {
      return { view: await authorizeDownload(db, officerId, packageId, clock()), officerId };
    } catch (error) {
      if (isSallyportError(error)) {
        const refusal = { packageId, officerId, failure: error.code };
        await recordRefusedDownload(db, refusal, clock());
      }
      throw error;
    }
  }

  scope.get('/v1/packages', { schema: { response: { 200: PortalPackages } } }, async (request) =>
    listPackages(db, await getOfficerId(db, request), clock()),
  );

  scope.get(
    '/v1/packages/:packageId',
    { schema: { params: PortalPackageParams, response: { 200: PortalPackage } } },
    async (request) =>
      getOwnPackage(db, await getOfficerId(db, request), request.params.packageId, clock()),
  );

  scope.get(
    '/v1/packages/:packageId/header',
    { schema: { params: PortalPackageParams, response: { 200: PortalRecordBody } } },
    async (request) => {
      const { view } = await open(request, request.params.packageId);
      return { jws: view.header };
    },
  );

  scope.get(
    '/v1/packages/:packageId/leaves',
    { schema: { params: PortalPackageParams } },
    async (request, reply) => {
      const { packageId } = request.params;
      const { view } = await open(request, packageId);
      const { leafTableOffset: start, leafTableBytes: sizeBytes } = view.layout;
      const bytes = await readRange(paths, packageId, { start, sizeBytes });
      return reply
        .headers({ 'cache-control': CACHE, 'accept-ranges': 'none' })
        .type(OCTETS)
        .send(bytes);
    },
  );

  scope.get(
    '/v1/packages/:packageId/segments/:n',
    { schema: { params: PortalSegmentParams }, config: limitByAccount(SEGMENTS_PER_MINUTE) },
    async (request, reply) => {
      const { packageId } = request.params;
      const n = Number(request.params.n);
      const { view, officerId } = await open(request, packageId);
      if (n >= view.layout.segmentCount) {
        throw new SallyportError('ERR_SEGMENT_UNKNOWN', {
          detail: { segmentCount: view.layout.segmentCount },
        });
      }
      const leafAt = view.layout.leafTableOffset + n * LEAF_BYTES;
      const leaf = await readRange(paths, packageId, { start: leafAt, sizeBytes: LEAF_BYTES });
      const etag = `"${leaf.toString('hex')}"`;
      void reply.headers({ etag, 'cache-control': CACHE, 'accept-ranges': 'none' });
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
      const { start, sealedBytes: sizeBytes } = segmentRange(view.layout, n);
      const bytes = await readRange(paths, packageId, { start, sizeBytes });
      const { sessionId } = getSession(request);
      await tallyDownload(db, { packageId, sessionId, officerId, segment: n, sizeBytes }, clock());
      return reply.type(OCTETS).send(bytes);
    },
  );
}

/** RFC 9110 §13.1.2: a list of tags, or `*`; ours are strong, so weak ones never match. */
function isKnown(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim());
  return tags.includes(etag) || tags.includes('*');
}
