// npm test: set-up, then exactly what CI runs.
import { prepare } from './prepare.mjs';
import { SetupError, runMain } from './repository.mjs';

await runMain(async () => {
  try {
    await prepare({ forTests: true });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    // The last line stays the one that CI reads.
    throw new SetupError(`${error.message}\n\n0 passed, 1 failed`);
  }
  // Not earlier: it imports packages that a clean checkout has only now.
  const { check } = await import('./check.mjs');
  await check();
});
