import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkLedger } from '../check/fsck.ts';
import { fsckText } from '../check/report.ts';

/** Where the command writes; the streams of a process fit. */
export interface CliOutput {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

const USAGE = `ledger-fsck PATH [--ca FILE] [--names FILE] [--json] [--lang ko|en]
  PATH     ledger folder (the one that holds ledger.json); it is only read
  --ca     the internal CA's certificate, PEM or DER: checkpoint signatures are verified
  --names  exported rows of the erasable table, one JSON object per line
`;

/** Runs the command and returns its exit status: 0 only for a sound ledger, 1 with a fault, 2 for wrong use. */
export async function runFsck(
  args: readonly string[],
  output: CliOutput,
  options: { locale: string },
): Promise<0 | 1 | 2> {
  const request = readRequest(args, options.locale);
  if (request === null) {
    output.stderr.write(USAGE);
    return 2;
  }
  let report;
  try {
    report = await checkLedger({
      directory: request.directory,
      ...(request.ca === undefined ? {} : { ca: await readCa(request.ca) }),
      ...(request.names === undefined ? {} : { namesFile: request.names }),
    });
  } catch (cause) {
    output.stderr.write(`ledger-fsck: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return 2;
  }
  output.stdout.write(
    `${request.json ? JSON.stringify(report) : fsckText(report, request.language)}\n`,
  );
  return report.isSound ? 0 : 1;
}

interface FsckRequest {
  readonly directory: string;
  readonly ca: string | undefined;
  readonly names: string | undefined;
  readonly json: boolean;
  readonly language: 'ko' | 'en';
}

/** Null when the arguments are not a use of the command. */
function readRequest(args: readonly string[], locale: string): FsckRequest | null {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ca: { type: 'string' },
        names: { type: 'string' },
        json: { type: 'boolean', default: false },
        lang: { type: 'string', default: locale.startsWith('ko') ? 'ko' : 'en' },
      },
    });
  } catch (cause) {
    if (cause instanceof TypeError) return null;
    throw cause;
  }
  const [directory, ...rest] = parsed.positionals;
  const { ca, names, json, lang } = parsed.values;
  if (directory === undefined || rest.length > 0 || (lang !== 'ko' && lang !== 'en')) return null;
  return { directory, ca, names, json, language: lang };
}

async function readCa(path: string): Promise<string> {
  return new X509Certificate(await readFile(path)).raw.toString('base64');
}
