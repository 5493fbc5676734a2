// npm run models [-- --from DIR]: the detector models, by the exporter's own command. Who brings them in
// is whoever is logged in on this machine, unless --by says otherwise.
import { userInfo } from 'node:os';
import { becomeProgram } from './node-program.mjs';
import { prepare } from './prepare.mjs';
import { runMain } from './repository.mjs';

await runMain(async () => {
  await prepare();
  const given = process.argv.slice(2);
  const by = given.includes('--by') ? [] : ['--by', userInfo().username];
  await becomeProgram('services/internal-exporter/dist/main.js', ['models', ...by, ...given]);
});
