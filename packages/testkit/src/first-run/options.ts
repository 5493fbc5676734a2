import { parseArgs } from 'node:util';

/** What `npm start -- …` understands. */
export interface FirstRunOptions {
  /** The user's own footage instead of a generated clip. */
  readonly clip: string | null;
  /** Exit after the table. */
  readonly once: boolean;
  /** Where both zones keep their files. */
  readonly directory: string | null;
  /** Folder with detection models. */
  readonly models: string | null;
  readonly consolePort: number;
  readonly portalPort: number;
  readonly help: boolean;
}

export const USAGE = `npm start -- [options]

  --clip FILE          carry your own footage (mp4, mkv, avi) instead of a generated clip
  --once               exit after the table: 0 when every hop worked, 1 naming the hop that did not
  --models DIR         folder with detection models (else SALLYPORT_MODELS, else ./models)
  --directory DIR      where both zones keep their files (else ./var/pair, made anew at each start)
  --console-port N     console of the internal zone (7010; 0 takes a free one)
  --portal-port N      portal of the DMZ (7020; 0 takes a free one)
`;

/** @throws TypeError with a sentence for the person at the keyboard */
export function readOptions(
  arguments_: readonly string[],
  environment: NodeJS.ProcessEnv,
): FirstRunOptions {
  const { values } = parseArgs({
    args: [...arguments_],
    options: {
      clip: { type: 'string' },
      once: { type: 'boolean', default: false },
      directory: { type: 'string' },
      models: { type: 'string' },
      'console-port': { type: 'string', default: '7010' },
      'portal-port': { type: 'string', default: '7020' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    clip: values.clip ?? null,
    once: values.once,
    directory: values.directory ?? null,
    models: values.models ?? environment['SALLYPORT_MODELS'] ?? null,
    consolePort: readPort(values['console-port'], '--console-port'),
    portalPort: readPort(values['portal-port'], '--portal-port'),
    help: values.help,
  };
}

function readPort(text: string, name: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new TypeError(`${name} takes a number from 0 to 65535`);
  return port;
}
