import { ERRORS, SallyportError, isSallyportError, type ErrorCode } from '@sallyport/contracts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { languageOf, type Language } from './language.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** RFC 9457 body of a 4xx. A 5xx carries `code` and `requestId` alone. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  /** The facts of this occurrence as `name: value; …`. */
  readonly detail: string;
  readonly remedy: string;
  readonly requestId: string;
}

/** What Fastify and its plugins throw, in our catalogue. A code not here is ERR_INTERNAL. */
const FOREIGN_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'ERR_REQUEST_TOO_LARGE',
  FST_REQ_FILE_TOO_LARGE: 'ERR_REQUEST_TOO_LARGE',
  FST_PARTS_LIMIT: 'ERR_REQUEST_TOO_LARGE',
  FST_FILES_LIMIT: 'ERR_REQUEST_TOO_LARGE',
  FST_FIELDS_LIMIT: 'ERR_REQUEST_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'ERR_REQUEST_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_TYPE: 'ERR_REQUEST_MEDIA_TYPE',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'ERR_REQUEST_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'ERR_REQUEST_INVALID',
  FST_ERR_CTP_INVALID_JSON_BODY: 'ERR_REQUEST_INVALID',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'ERR_REQUEST_INVALID',
  FST_PROTO_VIOLATION: 'ERR_REQUEST_INVALID',
  FST_ERR_BAD_URL: 'ERR_ROUTE_NOT_FOUND',
  FST_ERR_MAX_PARAM_LENGTH: 'ERR_ROUTE_NOT_FOUND',
};

/** Any thrown value as an error of the catalogue, the original as its cause. */
export function toSallyportError(error: unknown): SallyportError {
  if (isSallyportError(error)) return error;
  if (!(error instanceof Error)) return new SallyportError('ERR_INTERNAL', { cause: error });
  const { code, statusCode, validation, validationContext }: Partial<FastifyError> = error;
  const failed = validation?.[0];
  if (failed !== undefined) {
    const extra = failed.params['additionalProperty'] ?? failed.params['missingProperty'];
    const name = typeof extra === 'string' ? `/${extra}` : '';
    const path = `/${validationContext ?? 'body'}${failed.instancePath}${name}`;
    return new SallyportError('ERR_REQUEST_INVALID', { detail: { path, rule: failed.keyword } });
  }
  const known = code === undefined ? undefined : FOREIGN_CODES[code];
  if (known !== undefined) return new SallyportError(known, { cause: error });
  // secure-json-parse throws a SyntaxError for `__proto__` without a code of its own.
  if (statusCode === 400) return new SallyportError('ERR_REQUEST_INVALID', { cause: error });
  return new SallyportError('ERR_INTERNAL', { cause: error });
}

/** The body that tells a reader about an error. */
export function toProblem(
  error: SallyportError,
  language: Language,
  requestId: string,
): Problem | Pick<Problem, 'code' | 'requestId'> {
  const entry = ERRORS[error.code];
  if (entry.status >= 500) return { code: error.code, requestId };
  const { what, remedy } = entry[language];
  const facts = Object.entries(error.detail).map(([name, value]) => `${name}: ${value}`);
  return {
    type: 'about:blank',
    title: what,
    status: entry.status,
    code: error.code,
    detail: facts.join('; '),
    remedy,
    requestId,
  };
}

/** The error handler of every server. Only 5xx are logged as errors: a 4xx is the caller's. */
export function replyWithProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = toSallyportError(error);
  const { status } = ERRORS[known.code];
  const language = languageOf(request.headers['accept-language']);
  if (status >= 500) request.log.error({ err: known }, 'request failed');
  else request.log.info({ code: known.code }, 'request refused');
  if (status === 401) void reply.header('www-authenticate', 'Session');
  return reply
    .code(status)
    .header('content-language', language)
    .header('cache-control', 'no-store')
    .type(PROBLEM_MEDIA_TYPE)
    .send(toProblem(known, language, request.id));
}
