import type { ChildProcess } from './child.ts';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { SallyportError } from '@sallyport/contracts';
import ffmpeg from 'fluent-ffmpeg';
import { CONFINED_FFMPEG, warnIfNetworkIsShared } from './child.ts';

/**
 * The only file that knows fluent-ffmpeg (archived upstream in May 2025). Every run goes through the
 * confined wrapper; `progress` listeners are never used because they start an unconfined ffprobe.
 */

/** One end of an ffmpeg run. */
export interface FfmpegRun {
  /** Resolves with the last lines of the tool's log on exit code 0; rejects with {@link FfmpegFailure} otherwise. */
  readonly done: Promise<string>;
  /** Ends the tool at once. Harmless when it has ended. */
  readonly kill: () => void;
}

/** The tool ended with an error; `log` holds its last lines, which may quote the input and belong in no reply. */
export class FfmpegFailure extends Error {
  override readonly name = 'FfmpegFailure';
  readonly log: string;
  constructor(message: string, log: string) {
    super(message);
    this.log = log;
  }
}

interface FfmpegPlan {
  readonly inputOptions: readonly string[];
  readonly input: string;
  readonly outputOptions: readonly string[];
}

/** Runs ffmpeg with its output on a stream that the caller reads. */
export async function readFromFfmpeg(
  plan: FfmpegPlan,
): Promise<FfmpegRun & { readonly output: Readable }> {
  const output = new PassThrough({ highWaterMark: 1 << 20 });
  const command = commandOf(plan).output(output, { end: true });
  const run = await start(command);
  return { ...run, output };
}

/** Runs ffmpeg with its input on a stream that the caller writes, into a file. */
export async function writeToFfmpeg(
  plan: Omit<FfmpegPlan, 'input'>,
  file: string,
): Promise<FfmpegRun & { readonly input: Writable }> {
  const command = commandOf({ ...plan, input: 'pipe:0' }).output(fileUrl(file));
  const run = await start(command);
  const input = run.child.stdin;
  if (input === null)
    throw new SallyportError('ERR_MEDIA_ENCODE_FAILED', { detail: { fault: 'no input pipe' } });
  // An encoder that dies closes its pipe: the write callback reports it, this only keeps it from being thrown.
  input.on('error', () => undefined);
  return { ...run, input };
}

/** Runs ffmpeg from file to file. */
export async function convertWithFfmpeg(plan: FfmpegPlan, file: string): Promise<FfmpegRun> {
  return start(commandOf(plan).output(fileUrl(file)));
}

/** `file:` makes ffmpeg take a name as a name, whatever protocol it imitates. */
export function fileUrl(file: string): string {
  return `file:${file}`;
}

function commandOf(plan: FfmpegPlan): ffmpeg.FfmpegCommand {
  return ffmpeg({ stdoutLines: 60 })
    .setFfmpegPath(CONFINED_FFMPEG)
    .input(plan.input)
    .inputOptions([
      '-hide_banner',
      '-nostdin',
      '-nostats',
      '-y',
      '-loglevel',
      'warning',
      ...plan.inputOptions,
    ])
    .outputOptions([...plan.outputOptions]);
}

/** fluent-ffmpeg sets this once the process runs; its types leave it out. */
type Started = ffmpeg.FfmpegCommand & { readonly ffmpegProc?: ChildProcess };

async function start(
  command: ffmpeg.FfmpegCommand,
): Promise<FfmpegRun & { readonly child: ChildProcess }> {
  await warnIfNetworkIsShared();
  return new Promise((resolve, reject) => {
    let begun = false;
    const done = new Promise<string>((finish, fail) => {
      command.on('end', (_stdout: string | null, stderr: string | null) => {
        finish(stderr ?? '');
      });
      command.on('error', (error: Error, _stdout: string | null, stderr: string | null) => {
        const failure = new FfmpegFailure(error.message, stderr ?? '');
        if (begun) fail(failure);
        else reject(missing(failure));
      });
    });
    // Callers that kill the tool do not wait for its end; its rejection then has no other listener.
    done.catch(() => undefined);
    command.on('start', () => {
      begun = true;
      const child = (command as Started).ffmpegProc;
      if (child === undefined) {
        reject(missing(new FfmpegFailure('process not exposed', '')));
        return;
      }
      const kill = () => {
        child.kill('SIGKILL');
      };
      resolve({ done, kill, child });
    });
    command.run();
  });
}

function missing(cause: FfmpegFailure): SallyportError {
  return new SallyportError('ERR_MEDIA_TOOL_MISSING', { detail: { tool: 'ffmpeg' }, cause });
}
