import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeClip } from '../make-clip.ts';
import { openPair, type Pair } from '../pair/open-pair.ts';
import { choosePairFolder } from '../pair/pair-folder.ts';
import { findRepository } from '../pair/repository.ts';
import { currentCode, type Account } from '../people/account.ts';
import { createHops } from './hops.ts';
import { readOptions, USAGE, type FirstRunOptions } from './options.ts';
import { tellStory, type StoryEnd } from './story.ts';
import { formatTable } from './table.ts';

/** Brings both zones up, carries one clip through, prints the table, stays up. Returns the exit code. */
async function main(): Promise<number> {
  let options: FirstRunOptions;
  try {
    options = readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${sentenceOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  try {
    return await carryOneClip(options);
  } catch (error) {
    console.error(`failed before the first hop: ${sentenceOf(error)}`);
    return 1;
  }
}

/** Returns the exit code. Throws only before anything has been started. */
async function carryOneClip(options: FirstRunOptions): Promise<number> {
  const models = await findModels(options.models);
  const directory = await choosePairFolder(options.directory);
  const clip = await prepareClip(options.clip, directory);
  const pair = await openPair({
    directory,
    ...(models === null ? {} : { models }),
    ...(options.consolePort === 0 ? {} : { consolePort: options.consolePort }),
    ...(options.portalPort === 0 ? {} : { portalPort: options.portalPort }),
  });
  const stopped = waitForSignal();
  const hops = createHops((hop) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K… ${hop}`);
  });
  try {
    const story = tellStory(pair, hops, clip, { hasFaceModel: models !== null });
    const end = await Promise.race([story, stopped.then(() => null)]);
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    if (end === null) return 130;
    console.log(`\n${formatTable(hops.rows)}\n`);
    if (options.once) return 0;
    await printAccess(pair, end, directory);
    await stopped;
    return 0;
  } catch (error) {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    console.log(`\n${formatTable(hops.rows)}\n`);
    console.error(`failed at: ${hops.failed?.hop ?? 'start'}\n${sentenceOf(error)}`);
    console.error(
      `logs: ${join(directory, 'internal-exporter.log')} · ${join(directory, 'dmz-gateway.log')}`,
    );
    return 1;
  } finally {
    await pair.stop();
  }
}

/** The folder that holds the face model, or null with a word about what that means. */
async function findModels(given: string | null): Promise<string | null> {
  const folder = resolve(given ?? join(findRepository(), 'models'));
  const present = await access(join(folder, 'yunet_n_dynamic.onnx')).then(
    () => true,
    () => false,
  );
  if (present) return folder;
  console.log(
    'No face model found: this run masks motion and a fixed region. To mask faces: npm run models',
  );
  return null;
}

async function prepareClip(
  given: string | null,
  directory: string,
): Promise<{ file: string; durationMs: number }> {
  if (given !== null) {
    const file = resolve(given);
    return { file, durationMs: await durationOf(file) };
  }
  const file = join(directory, 'generated-clip.mp4');
  await makeClip(file);
  return { file, durationMs: await durationOf(file) };
}

/** Whole milliseconds of a media file, rounded down: the range the request asks for. */
async function durationOf(file: string): Promise<number> {
  const child = spawn(
    'ffprobe',
    ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  const seconds = Number(output.trim());
  if (!(seconds > 0)) throw new Error(`${file} is not a video that can be read`);
  return Math.floor(seconds * 1000);
}

async function printAccess(pair: Pair, end: StoryEnd, directory: string): Promise<void> {
  const accounts: readonly (readonly [string, Account])[] = [
    ['administrator', end.staff.administrator.account],
    ['operator', end.staff.operator.account],
    ['approver 1', end.staff.requestApprover.account],
    ['approver 2', end.staff.releaseApprover.account],
    ['auditor', end.staff.auditor.account],
    ['officer (portal)', end.requester.account],
  ];
  const file = join(directory, 'accounts.json');
  await mkdir(directory, { recursive: true });
  await writeFile(file, JSON.stringify(Object.fromEntries(accounts), null, 2), { mode: 0o600 });
  console.log(`console  ${pair.consoleUrl}   (control centre)`);
  console.log(`portal   ${pair.portalUrl}   (police station)\n`);
  for (const [role, account] of accounts)
    console.log(`  ${role.padEnd(17)} ${account.login.padEnd(14)} ${account.password}`);
  console.log(
    `\nThe 6-digit code of an account now: npm run code -- ${end.requester.account.login}`,
  );
  console.log(
    `for example, ${end.requester.account.login} has ${currentCode(end.requester.account.totpSecret)}`,
  );
  console.log(
    'To watch the clip in your own browser, follow “Play it yourself” in the README. Ctrl-C stops both zones.',
  );
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function waitForSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}

process.exitCode = await main();
