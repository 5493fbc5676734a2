import {
  pino,
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type LogFn,
  type Logger as PinoLogger,
  type LoggerOptions as PinoOptions,
} from 'pino';
import { isSallyportError } from '@sallyport/contracts';

export type Logger = PinoLogger;

/**
 * The only fields that a log line may carry: ids, states, counts, durations. Anything else shows as
 * '[redacted]', so a name, plate, token or body cannot reach a log by being passed along.
 */
export const LOG_FIELDS = [
  'accountId', 'attempt', 'bytes', 'cameraId', 'check', 'code', 'count', 'deviceId', 'durationMs',
  'epoch', 'exportId', 'event', 'failures', 'footageId', 'frames', 'gaps', 'hop', 'host', 'jobId', 'kind',
  'lane', 'loop', 'method', 'migration', 'officerId', 'packageId', 'pid', 'port', 'reason', 'recordId',
  'requestId', 'role', 'route', 'seq', 'service', 'sessionId', 'signal', 'sizeBytes', 'state', 'stationId',
  'status', 'step', 'transferId', 'version', 'worker', 'zone',
] as const; // prettier-ignore

const ALLOWED: ReadonlySet<string> = new Set(LOG_FIELDS);
const LONGEST_TEXT = 200;
const DEEPEST_CAUSE = 4;
const REDACTED = '[redacted]';

export interface LoggerOptions {
  /** Name of the service, on every line. */
  readonly service: string;
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Standard output unless told. */
  readonly destination?: DestinationStream;
}

/**
 * A JSON logger whose lines keep the fields of {@link LOG_FIELDS} and an error's class, code and
 * frames, never its message: database and parser messages quote the values they choke on.
 */
export function createLogger(options: LoggerOptions): Logger {
  const settings: PinoOptions = {
    level: options.level ?? 'info',
    base: { service: options.service },
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }), log: keepAllowed },
    serializers: { err: (error: unknown) => describeError(error) },
    hooks: { logMethod: logConstantText },
  };
  const logger =
    options.destination === undefined ? pino(settings) : pino(settings, options.destination);
  return keepAllowedInChildren(logger);
}

/** pino would take an error's message as the text, and format further arguments into it. */
function logConstantText(this: Logger, [first, text]: readonly unknown[], method: LogFn): void {
  if (typeof first === 'string') method.call(this, first);
  else if (first instanceof Error) method.call(this, { err: first }, asText(text));
  else method.call(this, first, asText(text));
}

function asText(text: unknown): string {
  return typeof text === 'string' ? text : 'error';
}

/** pino drops the bindings formatter for children; they inherit this method instead. */
function keepAllowedInChildren(logger: Logger): Logger {
  // Generic over custom levels, of which there are none here; called with its `this` below.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const makeChild = logger.child as unknown as (
    this: Logger,
    bindings: Bindings,
    options?: ChildLoggerOptions,
  ) => Logger;
  const child = function (this: Logger, bindings: Bindings, options?: ChildLoggerOptions): Logger {
    return makeChild.call(this, keepAllowed(bindings), options);
  };
  return Object.assign(logger, { child });
}

function keepAllowed(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      key === 'err' ? value : keepField(key, value),
    ]),
  );
}

function keepField(key: string, value: unknown): unknown {
  if (!ALLOWED.has(key)) return REDACTED;
  if (typeof value === 'string') return value.slice(0, LONGEST_TEXT);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return value === undefined ? undefined : REDACTED;
}

interface DescribedError {
  readonly type: string;
  readonly code?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  readonly frames?: readonly string[];
  readonly cause?: DescribedError;
}

function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  // The stack opens with the message, which may hold lines that look like frames.
  const stack = (error.stack ?? '').replace(error.message, '');
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const cause = error.cause !== undefined && depth < DEEPEST_CAUSE;
  return {
    type: error.constructor.name,
    ...code,
    ...(isSallyportError(error) ? { detail: error.detail } : {}),
    frames: frames.map((line) => line.trim()),
    ...(cause ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}
