// npm run bench [-- NAME … [quick]]: the measurements in tests/bench, one after the other; arguments select by name.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { becomeProgram } from './node-program.mjs';
import { prepare } from './prepare.mjs';
import { ROOT, SetupError, run, runMain } from './repository.mjs';

// Read by the measurement of the same first name.
const PARTS = new Set(['watermark-attacks.ts', 'watermark-null.ts']);

await runMain(async () => {
  await prepare({ forTests: true });
  const { code, output } = await run('npm', ['run', '--silent', 'compile:tests']);
  if (code !== 0) throw new SetupError(`The measurements do not compile:\n${output}`);
  const words = process.argv.slice(2);
  const selected = words.filter((word) => word !== 'quick');
  const options = words.includes('quick') ? ['quick'] : [];
  const folder = join(ROOT, 'tests', 'bench');
  const programs = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.ts') && !PARTS.has(file))
    .map((file) => file.replace(/\.ts$/, '.js'))
    .filter((file) => selected.length === 0 || selected.some((part) => file.includes(part)));
  if (programs.length === 0) throw new SetupError('No measurement of that name in tests/bench.');
  let worst = 0;
  for (const program of programs) {
    console.log(`\n== ${program.replace(/\.js$/, '')}`);
    await becomeProgram(join('tests', '.build', 'test', 'bench', program), options);
    worst ||= process.exitCode ?? 0;
  }
  process.exitCode = worst;
});
