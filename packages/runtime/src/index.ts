export {
  CSRF_HEADER,
  getSession,
  guardRoutes,
  routeMatrix,
  type GuardOptions,
  type Permissions,
} from './access.ts';
export {
  LOCKOUT_POLICY,
  assertNotLocked,
  lockoutOf,
  type Lockout,
  type LockoutPolicy,
} from './accounts/lockout.ts';
export {
  assertPassword,
  assertPasswordAcceptable,
  hashPassword,
  isPasswordCorrect,
} from './accounts/password.ts';
export {
  SESSION_COOKIE,
  createSessions,
  type SessionOptions,
  type SessionRow,
  type Sessions,
} from './accounts/sessions.ts';
export { assertTotp, createTotpSecret, findTotpStep, totpCode, totpUri } from './accounts/totp.ts';
export { applyMigrations } from './database/apply-migrations.ts';
export { createDatabase } from './database/create-database.ts';
export {
  startPostgres,
  type EmbeddedPostgres,
  type PostgresOptions,
} from './database/start-postgres.ts';
export {
  parseEnvironment,
  type Environment,
  type EnvironmentSpec,
  type VariableSpec,
} from './environment.ts';
export { syncFolder, writeFileDurably, type DurableWriteOptions } from './keys/durable-file.ts';
export { atMostOncePer, type OncePer } from './at-most-once-per.ts';
export { decryptText, encryptText } from './keys/field-text.ts';
export { FieldCipher, blindIndex, type FieldKey, type FieldPlace } from './keys/field-cipher.ts';
export { readKeyFile, writeKeyFile, type KeyFileOptions } from './keys/key-file.ts';
export { createSymmetricKey, symmetricKeyBytes } from './keys/symmetric-key.ts';
export { readSecretFile } from './keys/secret-file.ts';
export {
  createLifecycle,
  stopOnSignals,
  type Lifecycle,
  type LifecycleOptions,
  type SignalSource,
} from './lifecycle.ts';
export { LOG_FIELDS, createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { runLoop, type Loop, type LoopOptions } from './run-loop.ts';
export { createServer, type ServerOptions, type TlsOptions } from './server/create-server.ts';
export type { ReadinessCheck } from './server/health-routes.ts';
export { languageOf, type Language } from './server/language.ts';
export { isLoopback, listen, type ListenAddress } from './server/listen-guard.ts';
export { toProblem, toSallyportError, type Problem } from './server/problem.ts';
export type { RateLimits } from './server/rate-limits.ts';
export type {
  ContractTypeProvider,
  RouteAccess,
  RouteEntry,
  SallyportServer,
} from './server/server-types.ts';
export type { Session } from './session.ts';
export { serveStaticSite, type StaticSiteOptions } from './server/static-site.ts';
