import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SallyportError } from '@sallyport/contracts';

export type { ChildProcess };

/** The only file that starts a process itself; ffmpeg is started through ffmpeg.ts with the same wrapper. */

const RUN = fileURLToPath(new URL('../confined/run', import.meta.url));
/** The wrapper ffmpeg is started through: see confined/run for what it takes away. */
export const CONFINED_FFMPEG = fileURLToPath(new URL('../confined/ffmpeg', import.meta.url));
const PROBE_TIMEOUT_MS = 90_000;
const PROBE_OUTPUT_LIMIT = 8 * 1024 * 1024;

interface ProcessOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs ffprobe on hostile input, confined, with bounded output and time.
 *
 * @throws SallyportError `ERR_MEDIA_CANCELLED`, `ERR_MEDIA_STALLED`, `ERR_MEDIA_TOOL_MISSING`
 */
export async function runProbe(
  args: readonly string[],
  options: { signal?: AbortSignal | undefined } = {},
): Promise<ProcessOutput> {
  await warnIfNetworkIsShared();
  const result = await run(['ffprobe', ...args], options.signal);
  if (result.code === 127)
    throw new SallyportError('ERR_MEDIA_TOOL_MISSING', { detail: { tool: 'ffprobe' } });
  return result;
}

let isolation: Promise<'isolated' | 'shared'> | null = null;

/** Whether the kernel lets media tools run without any network. Asked once per process. */
export function networkIsolation(): Promise<'isolated' | 'shared'> {
  isolation ??= run(['--isolation']).then(
    (answer) => (answer.stdout.trim() === 'isolated' ? 'isolated' : 'shared'),
    () => 'shared' as const,
  );
  return isolation;
}

let warned = false;

/** Says once, loudly, that hostile footage is decoded by a tool that could reach the network. */
export async function warnIfNetworkIsShared(): Promise<void> {
  if ((await networkIsolation()) === 'isolated' || warned) return;
  warned = true;
  process.emitWarning(
    'The kernel refuses a network of their own to ffmpeg and ffprobe: footage is decoded with the network within reach. ' +
      'Allow unprivileged user namespaces, or run the media role on a host or in a container without a network.',
    { type: 'SallyportMediaWarning', code: 'SALLYPORT_MEDIA_NETWORK_SHARED' },
  );
}

function run(args: readonly string[], signal?: AbortSignal): Promise<ProcessOutput> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new SallyportError('ERR_MEDIA_CANCELLED', { cause: signal.reason }));
      return;
    }
    const child = spawn(RUN, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    let size = 0;
    let stderr = '';
    let stopped: SallyportError | null = null;
    const stop = (error: SallyportError) => {
      stopped ??= error;
      child.kill('SIGKILL');
    };
    const cancel = () => {
      stop(new SallyportError('ERR_MEDIA_CANCELLED', { cause: signal?.reason }));
    };
    const timer = setTimeout(() => {
      stop(
        new SallyportError('ERR_MEDIA_STALLED', {
          detail: { tool: 'ffprobe', limitMs: PROBE_TIMEOUT_MS },
        }),
      );
    }, PROBE_TIMEOUT_MS);
    signal?.addEventListener('abort', cancel, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > PROBE_OUTPUT_LIMIT)
        stop(new SallyportError('ERR_MEDIA_UNREADABLE', { detail: { fault: 'probe output' } }));
      else stdout.push(chunk);
    });
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk: string) => {
      stderr = (stderr + chunk).slice(-4000);
    });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };
    child.on('error', (cause) => {
      settle();
      reject(new SallyportError('ERR_MEDIA_TOOL_MISSING', { detail: { tool: 'sh' }, cause }));
    });
    child.on('close', (code) => {
      settle();
      if (stopped !== null) reject(stopped);
      else resolve({ code: code ?? 1, stdout: Buffer.concat(stdout).toString('utf8'), stderr });
    });
  });
}
