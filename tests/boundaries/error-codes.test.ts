import { execFileSync } from 'node:child_process';
import { ERRORS } from '@sallyport/contracts';
import t from 'tap';
import { repositoryRoot } from './repository-root.ts';

t.test('every error code is raised somewhere', (t) => {
  const sources = [
    'packages/*/src/**',
    'services/*/src/**',
    'services/*/*/src/**',
    ':!packages/contracts/src/errors',
  ];
  const lines = execFileSync('git', ['grep', '-hE', 'ERR_[A-Z0-9_]+', '--', ...sources], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  }).split('\n');
  const code = lines.filter((line) => !/^\s*(?:\*|\/[/*])/.test(line)).join('\n');
  const used = new Set(code.match(/ERR_[A-Z0-9_]+/g));
  for (const code of Object.keys(ERRORS)) t.ok(used.has(code), `${code} is raised`);
  t.end();
});
