import { SallyportError } from '@sallyport/contracts';
import { parseEnvironment, type Environment } from '@sallyport/runtime';

const SPEC = {
  prefix: 'GATEWAY_',
  variables: {
    dataDir: { kind: 'path', name: 'GATEWAY_DATA_DIR' },
    listen: {
      kind: 'string',
      name: 'GATEWAY_LISTEN',
      pattern: /^(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$/,
      default: '127.0.0.1:7020',
    },
    databaseUrl: {
      kind: 'url',
      name: 'GATEWAY_DATABASE_URL',
      protocols: ['postgresql', 'postgres'],
      optional: true,
    },
    exportSpool: { kind: 'path', name: 'GATEWAY_EXPORT_SPOOL', optional: true },
    requestSpool: { kind: 'path', name: 'GATEWAY_REQUEST_SPOOL', optional: true },
    passphrase: { kind: 'secret-file', name: 'GATEWAY_PASSPHRASE_FILE' },
    tlsCertFile: { kind: 'path', name: 'GATEWAY_TLS_CERT_FILE', optional: true },
    tlsKeyFile: { kind: 'path', name: 'GATEWAY_TLS_KEY_FILE', optional: true },
    logLevel: {
      kind: 'enum',
      name: 'GATEWAY_LOG_LEVEL',
      values: ['debug', 'info', 'warn', 'error', 'silent'],
      default: 'info',
    },
  },
} as const;

/** Configuration of one gateway host. Secrets are values here and never printed. */
export interface GatewayConfig {
  readonly dataDir: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Null: an embedded PostgreSQL below the data folder. */
  readonly databaseUrl: string | null;
  /** Folder into which the export lane drops files; this service reads it. */
  readonly exportSpool: string;
  /** Folder from which the request lane takes files; this service writes it. */
  readonly requestSpool: string;
  readonly passphrase: string;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** PBKDF2 rounds of key files; the runtime's own unless a test lowers it. */
  readonly keyIterations?: number;
}

/**
 * Reads the environment strictly.
 *
 * @throws SallyportError ERR_ENVIRONMENT_INVALID naming every bad variable, no value
 */
export function readConfig(source: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const env = parseEnvironment(SPEC, source);
  const colon = env.listen.lastIndexOf(':');
  return {
    dataDir: env.dataDir,
    listen: {
      host: env.listen.slice(0, colon).replaceAll(/[[\]]/g, ''),
      port: Number(env.listen.slice(colon + 1)),
    },
    databaseUrl: env.databaseUrl,
    exportSpool: env.exportSpool ?? `${env.dataDir}/spool/export`,
    requestSpool: env.requestSpool ?? `${env.dataDir}/spool/request`,
    passphrase: env.passphrase,
    tls: tlsOf(env),
    logLevel: env.logLevel,
  };
}

function tlsOf(env: Environment<typeof SPEC>): GatewayConfig['tls'] {
  const { tlsCertFile: certFile, tlsKeyFile: keyFile } = env;
  if (certFile !== null && keyFile !== null) return { certFile, keyFile };
  if (certFile === null && keyFile === null) return null;
  const missing = certFile === null ? 'GATEWAY_TLS_CERT_FILE' : 'GATEWAY_TLS_KEY_FILE';
  throw new SallyportError('ERR_ENVIRONMENT_INVALID', { detail: { [missing]: 'missing' } });
}
