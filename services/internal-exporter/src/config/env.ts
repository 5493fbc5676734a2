import { isIP } from 'node:net';
import { join } from 'node:path';
import { SallyportError } from '@sallyport/contracts';
import { parseEnvironment, type EnvironmentSpec, type ListenAddress } from '@sallyport/runtime';

const VARIABLES = {
  prefix: 'EXPORTER_',
  variables: {
    dataDirectory: { kind: 'path', name: 'EXPORTER_DATA_DIR', default: 'var/exporter' },
    listen: {
      kind: 'string',
      name: 'EXPORTER_LISTEN',
      default: '127.0.0.1:7010',
      pattern: /^(\[[0-9a-fA-F:]+\]|[^:[\]]+):[0-9]{1,5}$/,
    },
    databaseUrl: {
      kind: 'url',
      name: 'EXPORTER_DATABASE_URL',
      protocols: ['postgresql', 'postgres'],
      optional: true,
    },
    exportSpool: { kind: 'path', name: 'EXPORTER_EXPORT_SPOOL', optional: true },
    requestSpool: { kind: 'path', name: 'EXPORTER_REQUEST_SPOOL', optional: true },
    watchFolder: { kind: 'path', name: 'EXPORTER_WATCH_FOLDER', optional: true },
    footageLimitGib: {
      kind: 'integer',
      name: 'EXPORTER_FOOTAGE_LIMIT_GIB',
      min: 1,
      max: 1024,
      default: 256,
    },
    exporterModels: { kind: 'path', name: 'EXPORTER_MODELS', optional: true },
    sharedModels: { kind: 'path', name: 'SALLYPORT_MODELS', optional: true },
    passphrase: { kind: 'secret-file', name: 'EXPORTER_PASSPHRASE_FILE', optional: true },
    caPassphrase: { kind: 'secret-file', name: 'EXPORTER_CA_PASSPHRASE_FILE', optional: true },
    approverPassphrase: {
      kind: 'secret-file',
      name: 'EXPORTER_APPROVER_PASSPHRASE_FILE',
      optional: true,
    },
    tlsCertificate: { kind: 'path', name: 'EXPORTER_TLS_CERT_FILE', optional: true },
    tlsKey: { kind: 'secret-file', name: 'EXPORTER_TLS_KEY_FILE', optional: true },
    logLevel: {
      kind: 'enum',
      name: 'EXPORTER_LOG_LEVEL',
      values: ['debug', 'info', 'warn', 'error', 'silent'],
      default: 'info',
    },
  },
} as const satisfies EnvironmentSpec;

/** Everything the environment decides. */
export interface ExporterConfig {
  readonly dataDirectory: string;
  readonly keyFolder: string;
  readonly listen: ListenAddress;
  /** Null: the embedded PostgreSQL below the data directory. */
  readonly databaseUrl: string | null;
  /** Folder the export lane is written to. */
  readonly exportSpool: string;
  /** Folder the request lane is read from. */
  readonly requestSpool: string;
  readonly watchFolder: string | null;
  /** Largest recording that is taken in, bytes. */
  readonly footageLimitBytes: number;
  readonly modelsFolder: string | null;
  /** A folder that models may be taken from instead of the network. */
  readonly modelSource: string | null;
  /** Opens the key files; needed by everything that starts. */
  readonly passphrase: string | null;
  /** Opens the CA key; without it certificate orders wait for `exporter ca issue`. */
  readonly caPassphrase: string | null;
  /** Opens an approver's own key file; only `exporter approver-key` and `exporter approve` ask for it. */
  readonly approverPassphrase: string | null;
  readonly tls: { readonly certificateFile: string; readonly key: string } | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/**
 * Reads the environment strictly: an unknown or bad `EXPORTER_…` name stops the program.
 *
 * @throws SallyportError ERR_ENVIRONMENT_INVALID naming every bad variable and no value
 */
export function parseExporterEnvironment(
  source: Readonly<Record<string, string | undefined>>,
): ExporterConfig {
  const env = parseEnvironment(VARIABLES, source);
  if ((env.tlsCertificate === null) !== (env.tlsKey === null)) {
    const missing = env.tlsKey === null ? 'EXPORTER_TLS_KEY_FILE' : 'EXPORTER_TLS_CERT_FILE';
    throw new SallyportError('ERR_ENVIRONMENT_INVALID', { detail: { [missing]: 'missing' } });
  }
  const { dataDirectory } = env;
  return {
    dataDirectory,
    keyFolder: join(dataDirectory, 'keys'),
    listen: parseListen(env.listen),
    databaseUrl: env.databaseUrl,
    exportSpool: env.exportSpool ?? join(dataDirectory, 'spool', 'export'),
    requestSpool: env.requestSpool ?? join(dataDirectory, 'spool', 'request'),
    watchFolder: env.watchFolder,
    footageLimitBytes: env.footageLimitGib * 1024 ** 3,
    modelsFolder: env.exporterModels ?? env.sharedModels,
    modelSource: env.sharedModels,
    passphrase: env.passphrase,
    caPassphrase: env.caPassphrase,
    approverPassphrase: env.approverPassphrase,
    tls:
      env.tlsCertificate === null || env.tlsKey === null
        ? null
        : { certificateFile: env.tlsCertificate, key: env.tlsKey },
    logLevel: env.logLevel,
  };
}

/** @throws SallyportError ERR_ENVIRONMENT_INVALID when the passphrase was not given */
export function requirePassphrase(config: ExporterConfig): string {
  return required('EXPORTER_PASSPHRASE_FILE', config.passphrase);
}

/** @throws SallyportError ERR_ENVIRONMENT_INVALID when the CA's passphrase was not given */
export function requireCaPassphrase(config: ExporterConfig): string {
  return required('EXPORTER_CA_PASSPHRASE_FILE', config.caPassphrase);
}

/** @throws SallyportError ERR_ENVIRONMENT_INVALID when the approver's own passphrase was not given */
export function requireApproverPassphrase(config: ExporterConfig): string {
  return required('EXPORTER_APPROVER_PASSPHRASE_FILE', config.approverPassphrase);
}

function required(name: string, value: string | null): string {
  if (value === null)
    throw new SallyportError('ERR_ENVIRONMENT_INVALID', { detail: { [name]: 'missing' } });
  return value;
}

function parseListen(text: string): ListenAddress {
  const split = text.lastIndexOf(':');
  const host = text.slice(0, split).replace(/^\[|\]$/g, '');
  const port = Number(text.slice(split + 1));
  if (isIP(host) !== 0 && port <= 65_535) return { host, port };
  throw new SallyportError('ERR_ENVIRONMENT_INVALID', {
    detail: { EXPORTER_LISTEN: 'not an address and a port' },
  });
}
