/** A file that breaks a rule, and every rule that must report it (normally the one). */
export interface Plant {
  readonly rules: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** Where the violation is reported, when not at the (first) file. */
  readonly at?: string;
}

const plant = (rule: string, path: string, text: string): Plant => ({
  rules: [rule],
  files: { [path]: text },
});

const twice = (rule: string, folder: string, specifier: string, at: string): Plant => ({
  rules: [rule],
  files: {
    [`packages/media/src/${folder}/first.ts`]: `import '${specifier}';\n`,
    [`packages/media/src/${folder}/second.ts`]: `import '${specifier}';\n`,
  },
  at,
});

const EXPORTER = 'services/internal-exporter';
const GATEWAY = 'services/dmz-gateway';

/** One violation of every rule in .dependency-cruiser.mjs (of some rules, one for each way in). */
export const PLANTS: readonly Plant[] = [
  plant('contracts-is-the-floor', 'packages/contracts/src/p1.ts', `import '@sallyport/ledger';\n`),
  plant('libraries-stand-on-contracts', 'packages/lane/src/p1.ts', `import '@sallyport/ledger';\n`),
  plant(
    'libraries-stand-on-contracts',
    'packages/media/src/p1.ts',
    `import '@sallyport/seal/sign';\n`,
  ),
  plant(
    'libraries-stand-on-contracts',
    'packages/seal/src/p1.ts',
    `import type {} from '@sallyport/runtime';\n`,
  ),
  plant('player-arrows', 'packages/player/src/p1.ts', `import '@sallyport/seal/sign';\n`),
  plant('player-arrows', 'packages/player/src/p2.ts', `import '@sallyport/ledger';\n`),
  plant('station-arrows', 'packages/station/src/p1.ts', `import '@sallyport/runtime';\n`),
  plant('station-arrows', 'packages/station/src/p2.ts', `import '@sallyport/seal/sign';\n`),
  plant('ui-arrows', 'packages/ui/src/p1.tsx', `import '@sallyport/seal/open';\n`),
  plant('exporter-arrows', `${EXPORTER}/src/p1.ts`, `import '@sallyport/player';\n`),
  plant('gateway-arrows', `${GATEWAY}/src/p1.ts`, `import '@sallyport/station';\n`),
  plant('console-arrows', `${EXPORTER}/console/src/p1.tsx`, `import '@sallyport/seal/open';\n`),
  plant('console-arrows', `${EXPORTER}/console/src/p2.tsx`, `import '../../src/clean.ts';\n`),
  plant('portal-arrows', `${GATEWAY}/portal/src/p1.tsx`, `import '@sallyport/seal/sign';\n`),
  plant(
    'packages-never-import-services',
    'packages/testkit/src/p1.ts',
    `import '../../../${EXPORTER}/src/clean.ts';\n`,
  ),
  plant(
    'exporter-never-gateway',
    `${EXPORTER}/src/p2.ts`,
    `import '../../dmz-gateway/src/clean.ts';\n`,
  ),
  plant(
    'gateway-never-exporter',
    `${GATEWAY}/src/p2.ts`,
    `import '../../internal-exporter/src/domain/clean.ts';\n`,
  ),
  plant('gateway-only-verifies', `${GATEWAY}/src/p3.ts`, `import '@sallyport/seal/sign';\n`),
  plant('gateway-only-verifies', `${GATEWAY}/src/p4.ts`, `import '@sallyport/seal/open';\n`),
  plant('gateway-only-verifies', `${GATEWAY}/src/p5.ts`, `import './p4.ts';\n`),
  plant('gateway-only-verifies', `${GATEWAY}/src/p6.ts`, `import '@sallyport/media';\n`),
  plant('domain-is-pure', `${EXPORTER}/src/domain/p1.ts`, `import 'node:fs';\n`),
  plant('domain-is-pure', `${GATEWAY}/src/domain/p1.ts`, `import '../clean.ts';\n`),
  plant('domain-is-pure', `${EXPORTER}/src/domain/p2.ts`, `import 'typebox';\n`),
  plant('testkit-is-for-tests', `${EXPORTER}/src/p3.ts`, `import '@sallyport/testkit';\n`),
  plant(
    'shipped-code-never-imports-tests',
    `${EXPORTER}/src/p4.ts`,
    `import '../test/clean.test.ts';\n`,
  ),
  plant(
    'shipped-code-never-imports-tests',
    'packages/lane/src/p2.ts',
    `import '../../../tests/clean.ts';\n`,
  ),
  plant('first-run-is-a-client', 'packages/testkit/src/first-run/p1.ts', `import 'pg';\n`),
  plant(
    'first-run-is-a-client',
    'packages/testkit/src/first-run/p2.ts',
    `import '../database.ts';\n`,
  ),
  plant(
    'through-the-entries',
    'packages/player/src/p3.ts',
    `import '../../contracts/src/clean.ts';\n`,
  ),
  plant(
    'through-the-entries',
    `${EXPORTER}/src/p5.ts`,
    `import '../../../packages/seal/dist/inner.js';\n`,
  ),
  plant('media-libraries-in-media', `${EXPORTER}/src/p6.ts`, `import 'onnxruntime-node';\n`),
  plant('media-libraries-in-media', 'packages/runtime/src/p1.ts', `import 'fluent-ffmpeg';\n`),
  twice('fluent-ffmpeg-in-one-file', 'ff', 'fluent-ffmpeg', 'node_modules/fluent-ffmpeg/index.js'),
  twice('child-process-in-one-file', 'cp', 'node:child_process', 'child_process'),
  twice(
    'onnxruntime-in-one-file',
    'ort',
    'onnxruntime-node',
    'node_modules/onnxruntime-node/index.js',
  ),
  {
    rules: ['no-circular'],
    files: {
      'packages/ledger/src/one.ts': `import './two.ts';\n`,
      'packages/ledger/src/two.ts': `import './one.ts';\n`,
    },
  },
  plant('no-orphans', 'packages/ledger/src/p1.ts', 'export const lonely = 1;\n'),
  plant('no-unresolved', 'packages/ledger/src/p2.ts', `import './nowhere.ts';\n`),
];

/** Every arrow that is allowed, used: none of these files may be reported. */
export const ALLOWED: Readonly<Record<string, string>> = {
  'packages/contracts/src/clean.ts': `import 'typebox';\n`,
  'packages/lane/src/clean.ts': `import '@sallyport/contracts';\n`,
  'packages/ledger/src/clean.ts': `import '@sallyport/contracts';\n`,
  'packages/runtime/src/clean.ts': `import '@sallyport/contracts';\nimport 'pg';\n`,
  'packages/seal/src/clean.ts': `import '@sallyport/contracts';\n`,
  'packages/seal/dist/inner.js': `import '@sallyport/contracts';\n`,
  'packages/media/src/clean.ts': `import '@sallyport/contracts';\nimport 'node:fs';\n`,
  'packages/player/src/clean.ts': `import '@sallyport/contracts';\nimport '@sallyport/seal/open';\n`,
  'packages/station/src/clean.ts': `import '@sallyport/contracts';\nimport '@sallyport/ledger';\nimport '@sallyport/seal/open';\nimport '@sallyport/seal/verify';\n`,
  'packages/testkit/src/database.ts': `import 'pg';\n`,
  'packages/testkit/src/first-run/clean.ts': `import '@sallyport/contracts';\nimport 'node:child_process';\n`,
  [`${EXPORTER}/src/clean.ts`]: `import '@sallyport/media';\nimport '@sallyport/seal/sign';\nimport '@sallyport/lane';\nimport '@sallyport/ledger';\nimport '@sallyport/runtime';\n`,
  [`${EXPORTER}/src/domain/clean.ts`]: `import '@sallyport/contracts';\n`,
  'packages/ui/src/clean.tsx': `import '@sallyport/contracts';\n`,
  [`${EXPORTER}/console/src/clean.tsx`]: `import '@sallyport/contracts';\nimport '@sallyport/ui';\n`,
  [`${EXPORTER}/test/clean.test.ts`]: `import '@sallyport/testkit';\n`,
  [`${GATEWAY}/src/clean.ts`]: `import '@sallyport/seal/verify';\nimport '@sallyport/seal/errors';\nimport '@sallyport/lane';\n`,
  [`${GATEWAY}/src/domain/clean.ts`]: `import '@sallyport/contracts';\n`,
  [`${GATEWAY}/portal/src/clean.tsx`]: `import '@sallyport/player';\nimport '@sallyport/seal/open';\n`,
  'tests/clean.ts': `import '@sallyport/testkit';\nimport '@sallyport/seal/sign';\n`,
};
