import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What the generated clip should be. Sizes in pixels, `seconds` of it, constant rate. */
export interface ClipOptions {
  readonly width?: number;
  readonly height?: number;
  readonly framesPerSecond?: number;
  readonly seconds?: number;
  /** Extra output arguments of ffmpeg, placed before the file name. */
  readonly outputArguments?: readonly string[];
}

/**
 * Makes a clip of a fixed camera: a still, textured yard, and one dark figure (head and body) that
 * walks across it. With a tone as sound, because the pass must remove it.
 *
 * @throws Error with ffmpeg's last line when it fails
 */
export async function makeClip(file: string, options: ClipOptions = {}): Promise<void> {
  const {
    width = 1280,
    height = 720,
    framesPerSecond = 25,
    seconds = 8,
    outputArguments = [],
  } = options;
  const figureHeight = Math.round(height * 0.42);
  const figureWidth = Math.round(figureHeight * 0.42);
  // One still frame each for the yard and the figure, repeated: geq is slow, but runs only twice.
  const yard = `color=c=gray:s=${width}x${height}:d=1:r=1,geq=lum='118+26*sin(X/37)*cos(Y/29)+14*sin((X+2*Y)/11)':cb=124:cr=132,loop=-1:1,setpts=N/${framesPerSecond}/TB,fps=${framesPerSecond}`;
  const head = `lt(hypot((X-W/2)/(W*0.23),(Y-H*0.14)/(H*0.12)),1)`;
  const body = `lt(abs(X-W/2),W*0.32)*gt(Y,H*0.27)*lt(Y,H)`;
  const figure = `color=c=black@0:s=${figureWidth}x${figureHeight}:d=1:r=1,format=rgba,geq=r='if(${head},205,60+30*sin(Y/5))':g='if(${head},160,50)':b='if(${head},140,110)':a='255*gt(${head}+${body},0)',loop=-1:1,setpts=N/${framesPerSecond}/TB,fps=${framesPerSecond}`;
  const walk = `overlay=x='-w+(W+w)*t/${seconds}':y=${Math.round(height * 0.45)}+6*sin(t*9):format=auto`;
  await runFfmpeg([
    '-f', 'lavfi', '-i', yard,
    '-f', 'lavfi', '-i', figure,
    '-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=16000`,
    '-filter_complex', `[0][1]${walk},format=yuv420p[v]`,
    '-map', '[v]', '-map', '2:a', '-t', String(seconds),
    '-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac', '-metadata', 'title=CAM-TEST',
    ...outputArguments,
    file,
  ]); // prettier-ignore
}

async function runFfmpeg(arguments_: readonly string[]): Promise<void> {
  const child = spawn(
    'ffmpeg',
    ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...arguments_],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const [code] = (await once(child, 'close')) as [number | null]; // the event's documented first argument
  if (code !== 0)
    throw new Error(
      `ffmpeg ended with ${code ?? 'a signal'}: ${complaint.trim().split('\n').at(-1) ?? ''}`,
    );
}
