// Everything that must be compiled before anything can start: database clients, TypeScript, pages.
import { SetupError, installedCommand, run, runMain } from './repository.mjs';
import { pathToFileURL } from 'node:url';

const PAGES = ['@sallyport/console', '@sallyport/portal'];

// No build talks to anything but this machine.
const QUIET = {
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
  CHECKPOINT_DISABLE: '1', // Prisma's version check
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
};

/** Builds what changed since the last time; a second or two when nothing did. */
export async function build() {
  const tasks = ['//#compile', ...PAGES.map((page) => `${page}#build`)];
  const { code, output } = await run(
    installedCommand('turbo'),
    ['run', ...tasks, '--output-logs=errors-only', '--no-color'],
    { env: QUIET },
  );
  if (code !== 0) throw new SetupError(`The build failed:\n${output}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runMain(build);
