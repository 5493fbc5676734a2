import type { Static, TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { SallyportError, type ErrorCode } from './errors/index.ts';

/**
 * Narrows outside input to a contract type; nothing is coerced, nothing is removed.
 *
 * @throws SallyportError `code` with the path of the first fault in `detail.path`
 */
export function parse<S extends TSchema>(
  schema: S,
  value: unknown,
  code: ErrorCode = 'ERR_RECORD_INVALID',
): Static<S> {
  if (Check(schema, value)) return value;
  const first = [...Errors(schema, value)][0];
  throw new SallyportError(code, {
    detail: { path: first?.instancePath ?? '/', fault: first?.message ?? 'shape' },
  });
}
