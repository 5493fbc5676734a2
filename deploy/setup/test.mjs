// npm test: set-up, then exactly what CI runs.
import { check } from './check.mjs';
import { prepare } from './prepare.mjs';
import { runMain } from './repository.mjs';

await runMain(async () => {
  await prepare({ forTests: true });
  await check();
});
