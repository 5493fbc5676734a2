import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { SallyportError } from '@sallyport/contracts';

/** One exchange with the gateway. Redirects are never followed. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** PEM of the authority that issued the gateway's TLS certificate; the system's list otherwise. */
  readonly tlsCa?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly setCookie: readonly string[];
  readonly body: Buffer;
}

const TIMEOUT_MS = 60_000;
/** Leaf table of the largest package (4,194,304 segments); every other reply is far smaller. */
const MAX_REPLY_BYTES = 134_217_728;

/**
 * Sends one request and reads the whole reply.
 *
 * @throws SallyportError ERR_STATION_GATEWAY_UNREACHABLE, ERR_STATION_GATEWAY_REPLY
 */
export async function exchange({
  method,
  url,
  headers,
  body,
  tlsCa,
  signal,
}: Exchange): Promise<Reply> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const options = {
    method,
    headers,
    timeout: TIMEOUT_MS,
    ...(tlsCa && { ca: tlsCa }),
    ...(signal && { signal }),
  };
  try {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(url, options, resolve);
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error('timeout')));
      request.end(body);
    });
    return {
      status: message.statusCode ?? 0,
      contentType: message.headers['content-type'] ?? '',
      setCookie: message.headers['set-cookie'] ?? [],
      body: await readBody(message),
    };
  } catch (cause) {
    if (cause instanceof SallyportError || signal?.aborted === true) throw cause;
    throw new SallyportError('ERR_STATION_GATEWAY_UNREACHABLE', {
      detail: { host: url.host },
      cause,
    });
  }
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    sizeBytes += part.length;
    if (sizeBytes > MAX_REPLY_BYTES)
      throw new SallyportError('ERR_STATION_GATEWAY_REPLY', { detail: { fault: 'size' } });
    parts.push(part);
  }
  return Buffer.concat(parts);
}
