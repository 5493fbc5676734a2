import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { probe } from '@sallyport/media';

/** Runs a program to its end. */
export async function runTool(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null]; // the event's documented first argument
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

/** Frames of a clip per second of `act`. */
export async function framesPerSecond(clip: string, act: () => Promise<unknown>): Promise<number> {
  const { averageRate, durationMs = 0 } = await probe(clip);
  const startedAt = performance.now();
  await act();
  return (averageRate * durationMs) / (performance.now() - startedAt);
}
