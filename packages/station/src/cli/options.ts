import { parseArgs } from 'node:util';
import { SallyportError } from '@sallyport/contracts';

const OPTIONS = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  output: { type: 'string', short: 'o' },
  label: { type: 'string' },
  gateway: { type: 'string' },
  login: { type: 'string' },
  key: { type: 'string' },
  ca: { type: 'string' },
  licence: { type: 'string' },
  wait: { type: 'string' },
  totp: { type: 'string' },
  'password-file': { type: 'string' },
  'passphrase-file': { type: 'string' },
  'tls-ca': { type: 'string' },
} as const;

/** What stands on a command line after the command's name. */
export interface CommandLine {
  readonly values: Readonly<Partial<Record<OptionName, string>>>;
  readonly positionals: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
}

type OptionName = Exclude<keyof typeof OPTIONS, 'json' | 'help'>;

/** @throws SallyportError ERR_STATION_USAGE */
export function parseCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: OPTIONS,
      allowPositionals: true,
      strict: true,
    });
    const { json = false, help = false, ...named } = values;
    return { values: named, positionals, json, help };
  } catch (cause) {
    const fault = cause instanceof Error ? cause.message : '';
    throw new SallyportError('ERR_STATION_USAGE', { detail: { fault }, cause });
  }
}

/** @throws SallyportError ERR_STATION_USAGE naming the option that is missing */
export function required(line: CommandLine, option: OptionName): string {
  const value = line.values[option];
  if (value === undefined || value === '') {
    throw new SallyportError('ERR_STATION_USAGE', { detail: { missing: `--${option}` } });
  }
  return value;
}

/** @throws SallyportError ERR_STATION_USAGE unless there is exactly one argument */
export function onlyArgument(line: CommandLine, name: string): string {
  const [value] = line.positionals;
  if (line.positionals.length !== 1 || value === undefined) {
    throw new SallyportError('ERR_STATION_USAGE', { detail: { missing: name } });
  }
  return value;
}
