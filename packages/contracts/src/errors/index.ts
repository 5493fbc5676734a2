import { EXPORTER_ERRORS } from './exporter.ts';
import { EXPORT_ERRORS } from './exports.ts';
import { GATEWAY_ERRORS } from './gateway.ts';
import { LANE_ERRORS } from './lane.ts';
import { LEDGER_ERRORS } from './ledger.ts';
import { MEDIA_ERRORS } from './media.ts';
import { PLAYER_ERRORS } from './player.ts';
import { RECORD_ERRORS } from './records.ts';
import { RUNTIME_ERRORS } from './runtime.ts';
import { SEAL_ERRORS } from './seal.ts';
import { STATION_ERRORS } from './station.ts';

/** Every error code of the product: the one list. Each area's file is spread here. */
export const ERRORS = {
  ...RECORD_ERRORS,
  ...SEAL_ERRORS,
  ...LANE_ERRORS,
  ...LEDGER_ERRORS,
  ...MEDIA_ERRORS,
  ...RUNTIME_ERRORS,
  ...EXPORTER_ERRORS,
  ...EXPORT_ERRORS,
  ...GATEWAY_ERRORS,
  ...STATION_ERRORS,
  ...PLAYER_ERRORS,
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Facts about one failure: ids, counts and field names, never personal data. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean>>;

/**
 * The one error class. `code` says what happened, {@link ERRORS} says what to do about it.
 *
 * @example
 * throw new SallyportError('ERR_RECORD_STALE', { detail: { known: 4, offered: 3 } });
 */
export class SallyportError extends Error {
  override readonly name = 'SallyportError';
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, options: { detail?: ErrorDetail; cause?: unknown } = {}) {
    super(
      `${ERRORS[code].en.what} (${code})`,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.code = code;
    this.detail = options.detail ?? {};
  }
}

/** Narrows an unknown caught value to a {@link SallyportError}, optionally of one code. */
export function isSallyportError(value: unknown, code?: ErrorCode): value is SallyportError {
  return value instanceof SallyportError && (code === undefined || value.code === code);
}

/** True for the codes of the catalogue; codes from another process arrive as text. */
export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERRORS, value);
}

export type { ErrorEntry, ErrorTable, ErrorText } from './table.ts';
