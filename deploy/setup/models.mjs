// npm run models [-- --from DIR]: the detector models, by the exporter's own command.
import { becomeProgram } from './node-program.mjs';
import { prepare } from './prepare.mjs';
import { runMain } from './repository.mjs';

await runMain(async () => {
  await prepare();
  await becomeProgram('services/internal-exporter/dist/main.js', [
    'models',
    ...process.argv.slice(2),
  ]);
});
