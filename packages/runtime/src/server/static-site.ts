import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { SallyportError } from '@sallyport/contracts';
import type { FastifyReply } from 'fastify';
import type { SallyportServer } from './server-types.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

interface SiteFile {
  readonly path: string;
  readonly mediaType: string;
  readonly etag: string;
  readonly immutable: boolean;
}

export interface StaticSiteOptions {
  /** Folder of the built web app: `index.html` and `assets/` with content-hashed names. */
  readonly root: string;
  /** Paths below these are never answered with the page; `/v1/` unless told. */
  readonly apiPrefixes?: readonly string[];
}

/**
 * Serves a built single-page app. The files are listed once: an address is looked up in that list
 * and never turned into a path, so there is nothing to traverse.
 *
 * @throws SallyportError ERR_ROUTE_NOT_FOUND at registration when `index.html` is missing.
 */
export async function serveStaticSite(
  server: SallyportServer,
  options: StaticSiteOptions,
): Promise<void> {
  const files = await listSite(options.root);
  const index = files.get('/index.html');
  if (index === undefined)
    throw new SallyportError('ERR_ROUTE_NOT_FOUND', { detail: { file: 'index.html' } });
  const prefixes = options.apiPrefixes ?? ['/v1/'];

  server.get('/*', { config: { access: 'public', rateLimit: false } }, async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const file = files.get(path);
    if (file !== undefined) return sendFile(reply, file, request.headers['if-none-match']);
    const isPage = extname(path) === '' && !prefixes.some((prefix) => path.startsWith(prefix));
    if (isPage) return sendFile(reply, index, request.headers['if-none-match']);
    reply.callNotFound();
    return reply;
  });
}

function sendFile(reply: FastifyReply, file: SiteFile, known: string | undefined): FastifyReply {
  const caching = file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache';
  void reply.header('cache-control', caching).header('etag', file.etag);
  if (known === file.etag) return reply.code(304).send();
  return reply.type(file.mediaType).send(createReadStream(file.path));
}

async function listSite(root: string): Promise<ReadonlyMap<string, SiteFile>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = new Map<string, SiteFile>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(root, path).split(sep).map(encodeURIComponent).join('/')}`;
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('base64url');
    files.set(url, {
      path,
      mediaType: MEDIA_TYPES[extname(entry.name)] ?? 'application/octet-stream',
      etag: `"${digest}"`,
      immutable: url.startsWith('/assets/'),
    });
  }
  return files;
}
