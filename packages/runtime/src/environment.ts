import { resolve } from 'node:path';
import { isSallyportError, SallyportError } from '@sallyport/contracts';
import { readSecretFile } from './keys/secret-file.ts';

interface Common<Value> {
  /** Full name of the variable, such as `EXPORTER_PORT`. */
  readonly name: string;
  /** Used when the variable is absent or empty. Without it, and without `optional`, absence is an error. */
  readonly default?: Value;
  /** Absent becomes null. */
  readonly optional?: true;
}

export type VariableSpec =
  | (Common<string> & { readonly kind: 'string'; readonly pattern?: RegExp })
  | (Common<number> & { readonly kind: 'integer'; readonly min: number; readonly max: number })
  | (Common<boolean> & { readonly kind: 'boolean' })
  /** A path, made absolute. */
  | (Common<string> & { readonly kind: 'path' })
  | (Common<string> & { readonly kind: 'url'; readonly protocols: readonly string[] })
  | (Common<string> & { readonly kind: 'enum'; readonly values: readonly string[] })
  /** The path of a file that only its owner may read; the value is its text, one last newline removed. */
  | (Common<string> & { readonly kind: 'secret-file' });

export interface EnvironmentSpec {
  /** Every variable of the source that starts so must be named in `variables`. */
  readonly prefix: string;
  readonly variables: Readonly<Record<string, VariableSpec>>;
}

type ValueOf<Spec extends VariableSpec> = Spec extends { kind: 'integer' }
  ? number
  : Spec extends { kind: 'boolean' }
    ? boolean
    : Spec extends { kind: 'enum'; values: readonly (infer Value)[] }
      ? Value
      : string;

export type Environment<Spec extends EnvironmentSpec> = {
  readonly [Key in keyof Spec['variables']]: Spec['variables'][Key] extends { optional: true }
    ? ValueOf<Spec['variables'][Key]> | null
    : ValueOf<Spec['variables'][Key]>;
};

/**
 * Parses a service's environment strictly.
 *
 * @example
 * const env = parseEnvironment({ prefix: 'EXPORTER_', variables: {
 *   port: { kind: 'integer', name: 'EXPORTER_PORT', min: 0, max: 65535, default: 7010 },
 * } } as const, process.env);
 * @throws SallyportError ERR_ENVIRONMENT_INVALID whose detail names every bad variable and the
 * expectation it misses, and no value.
 */
export function parseEnvironment<const Spec extends EnvironmentSpec>(
  spec: Spec,
  source: Readonly<Record<string, string | undefined>>,
): Environment<Spec> {
  const known = new Set(Object.values(spec.variables).map(({ name }) => name));
  const complaints: Record<string, string> = {};
  for (const name of Object.keys(source)) {
    if (name.startsWith(spec.prefix) && !known.has(name)) complaints[name] = 'unknown name';
  }
  const values: Record<string, string | number | boolean | null> = {};
  for (const [key, variable] of Object.entries(spec.variables)) {
    const result = parseVariable(variable, source[variable.name]);
    if ('complaint' in result) complaints[variable.name] = result.complaint;
    else values[key] = result.value;
  }
  if (Object.keys(complaints).length > 0) {
    throw new SallyportError('ERR_ENVIRONMENT_INVALID', { detail: complaints });
  }
  // Every key of the spec has been parsed by its kind, or the error above was thrown.
  return values as Environment<Spec>;
}

type Result = { readonly value: string | number | boolean | null } | { readonly complaint: string };

function parseVariable(variable: VariableSpec, text: string | undefined): Result {
  if (text === undefined || text === '') {
    if (variable.default !== undefined) return { value: absolute(variable, variable.default) };
    return variable.optional === true ? { value: null } : { complaint: 'missing' };
  }
  switch (variable.kind) {
    case 'string':
      return variable.pattern?.test(text) === false
        ? { complaint: 'not in the expected form' }
        : { value: text };
    case 'integer':
      return parseInteger(text, variable.min, variable.max);
    case 'boolean':
      if (text === 'true' || text === 'false') return { value: text === 'true' };
      return { complaint: 'not true or false' };
    case 'path':
      return text.includes('\0') ? { complaint: 'not a path' } : { value: resolve(text) };
    case 'url':
      return parseUrl(text, variable.protocols);
    case 'enum':
      if (variable.values.includes(text)) return { value: text };
      return { complaint: `not one of ${variable.values.join(', ')}` };
    case 'secret-file':
      return readSecret(text);
  }
}

function absolute(
  variable: VariableSpec,
  value: string | number | boolean,
): string | number | boolean {
  return variable.kind === 'path' ? resolve(String(value)) : value;
}

function parseInteger(text: string, min: number, max: number): Result {
  const value = /^-?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return { value };
  return { complaint: `not an integer from ${min} to ${max}` };
}

function parseUrl(text: string, protocols: readonly string[]): Result {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && protocols.includes(url.protocol.slice(0, -1))) return { value: text };
  return { complaint: `not an address starting with ${protocols.join(', ')}` };
}

function readSecret(path: string): Result {
  try {
    const text = readSecretFile(path)
      .toString('utf8')
      .replace(/\r?\n$/, '');
    return text === '' ? { complaint: 'the file is empty' } : { value: text };
  } catch (error) {
    if (isSallyportError(error, 'ERR_KEY_FILE_PERMISSIONS')) {
      return { complaint: 'others can read the file (chmod 600)' };
    }
    return { complaint: 'the file cannot be read' };
  }
}
