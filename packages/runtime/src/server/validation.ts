import { Ajv, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';

const STRICT = {
  strict: true,
  allErrors: false,
  removeAdditional: false,
  strictTypes: false,
} as const;

/**
 * Validates without repairing: unknown fields are refused, bodies and headers are never coerced.
 * Query and path parameters arrive as text and are coerced to the declared scalar.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<unknown> {
  const exact = new Ajv({ ...STRICT, coerceTypes: false, useDefaults: false });
  const text = new Ajv({ ...STRICT, coerceTypes: true, useDefaults: true });
  return ({ schema, httpPart }) => {
    const ajv = httpPart === 'querystring' || httpPart === 'params' ? text : exact;
    // Fastify hands over the schema object of a route; Ajv itself checks that it is one.
    const validate: ValidateFunction = ajv.compile(schema as object);
    return validate;
  };
}
