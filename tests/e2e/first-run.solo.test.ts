// What `npm start` runs, as a person runs it (test-limit: 900 s).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findRepository } from '@sallyport/testkit';
import t from 'tap';
import { makeFolder, makeSmallClip } from '../support/stage.ts';

t.setTimeout(900_000);
const PROGRAM = join(findRepository(), 'packages/testkit/dist/first-run/main.js');

t.test('--once carries the given clip, prints every hop and exits 0', async (t) => {
  const folder = await makeFolder(t);
  const clip = await makeSmallClip(folder);
  const { code, output } = await run(folder, ['--clip', clip.file]);
  t.equal(code, 0, output);
  for (const hop of ['trust exchanged', 'request approved', 'release approved', 'decrypt, play'])
    t.match(output, hop);
  t.match(output, 'No face model found');
  t.match(output, 'no face model: motion and a fixed region are masked');
  t.match(output, 'watermark: none (not built)');
  t.match(output, 'sent is not received');
});

t.test('a file that is no video stops the run before anything starts, and says so', async (t) => {
  const folder = await makeFolder(t);
  const file = join(folder, 'letter.mp4');
  await writeFile(file, 'this is a letter\n');
  const { code, output } = await run(folder, ['--clip', file]);
  t.equal(code, 1);
  t.match(output, 'is not a video that can be read');
});

t.test('a port that is taken is named with the failing hop', async (t) => {
  const folder = await makeFolder(t);
  const clip = await makeSmallClip(folder);
  const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => new Promise<void>((done) => other.close(() => done())));
  const { port } = other.address() as AddressInfo; // a TCP server's address
  const { code, output } = await run(folder, ['--clip', clip.file, '--console-port', String(port)]);
  t.equal(code, 1);
  t.match(output, 'failed at: both services ready');
});

t.test('an option it does not know, or a folder of somebody else, is refused', async (t) => {
  const folder = await makeFolder(t);
  t.equal((await run(folder, ['--clips', 'x'])).code, 2);
  await writeFile(join(folder, 'mine.txt'), 'keep me\n');
  const { code, output } = await run(folder, [], folder);
  t.equal(code, 1);
  t.match(output, 'is not empty');
});

async function run(
  folder: string,
  options: readonly string[],
  directory = join(folder, 'pair'),
): Promise<{ code: number | null; output: string }> {
  const ports = options.includes('--console-port') ? [] : ['--console-port', '0'];
  const arguments_ = ['--once', '--directory', directory, '--portal-port', '0', ...ports];
  const models = ['--models', join(folder, 'no-models')];
  const child = spawn(process.execPath, [PROGRAM, ...arguments_, ...models, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null]; // the event's documented first argument
  return { code, output };
}
