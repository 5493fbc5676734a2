// Set-up shared by every entry command: Node → npm packages → system programs → build.
// Safe to run at any time, and twice at once.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { assertNodeVersion } from './node-version.mjs';
import { VAR, runMain, seconds } from './repository.mjs';
import { installSystemPackages } from './system-packages.mjs';

/** Brings the checkout into a state in which the services (`forTests`: and the tests) can run. */
export async function prepare({ forTests = false } = {}) {
  assertNodeVersion();
  await withLock(join(VAR, 'setup.lock'), async () => {
    const startedAt = performance.now();
    await installDependencies();
    await installSystemPackages({ forTests });
    console.log('Building what changed …');
    await build();
    console.log(`Set-up done in ${seconds(startedAt)}.`);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(() => prepare({ forTests: process.argv.includes('--tests') }));
}
