import { runFsck } from './run.ts';

process.exitCode = await runFsck(process.argv.slice(2), process, {
  locale: Intl.DateTimeFormat().resolvedOptions().locale,
});
