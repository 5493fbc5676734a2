// npm start: set-up, then the first run, which starts both zones and carries one clip across.
import { becomeProgram } from './node-program.mjs';
import { prepare } from './prepare.mjs';
import { runMain } from './repository.mjs';

await runMain(async () => {
  await prepare();
  await becomeProgram('packages/testkit/dist/first-run/main.js', process.argv.slice(2));
});
