import { createInterface } from 'node:readline/promises';
import { Writable, type Readable } from 'node:stream';
import { SallyportError } from '@sallyport/contracts';
import { readSmallFile } from '../files.ts';
import type { Language } from './texts.ts';

/** Where a command runs: its streams and its language. Tests pass their own. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** A person sits there: questions may be asked and progress drawn. */
  readonly interactive: boolean;
  readonly language: Language;
  readonly now: () => Date;
}

/**
 * A secret from the file named by option, else asked without echo.
 *
 * @throws SallyportError ERR_STATION_SECRET_MISSING, ERR_STATION_FILE_UNREADABLE
 */
export async function readSecret(
  terminal: Terminal,
  file: string | undefined,
  question: string,
): Promise<string> {
  if (file !== undefined) return (await readSmallFile(file)).replace(/\r?\n$/, '');
  if (!terminal.interactive) throw new SallyportError('ERR_STATION_SECRET_MISSING');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  terminal.stderr.write(`${question}: `);
  const questions = createInterface({ input: terminal.stdin, output: silent, terminal: true });
  try {
    return await questions.question('');
  } finally {
    questions.close();
    terminal.stderr.write('\n');
  }
}

/** Draws one line of progress over the last, for a person only. */
export function drawProgress(
  terminal: Terminal,
  label: string,
): (done: number, total: number) => void {
  if (!terminal.interactive) return () => undefined;
  let shown = -1;
  return (done, total) => {
    const percent = Math.floor((100 * done) / total);
    if (percent === shown) return;
    shown = percent;
    terminal.stderr.write(`\r${label} ${percent} %${done === total ? '\n' : ''}`);
  };
}
