import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Id128, SallyportError, UtcTime, parse } from '@sallyport/contracts';
import { byCommand } from '../store/actors.ts';
import { inTransaction } from '../store/database.ts';
import { openFilePlaces } from '../store/file-places.ts';
import { importFootage } from '../store/footage.ts';
import { getSite } from '../store/site.ts';
import { openFields, parseCommand, requireOption, withDatabase, type Command } from './command.ts';

const USAGE =
  'exporter footage import FILE --camera ID --starts-at 2026-11-21T10:00:00.000Z --by STAFFNUMBER [--name NAME]';
const TEXT = { type: 'string' } as const;

/** Takes one recording in: digested, encrypted to the at-rest key, written to the ledger with who did it. */
export const footageImport: Command = async (args, io) => {
  const { values, positionals } = parseCommand(USAGE, args, {
    options: { camera: TEXT, 'starts-at': TEXT, by: TEXT, name: TEXT },
    allowPositionals: true,
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) {
    throw new SallyportError('ERR_COMMAND_USAGE', { detail: { usage: USAGE } });
  }
  const cameraId = parse(
    Id128,
    requireOption(USAGE, '--camera', values.camera),
    'ERR_COMMAND_USAGE',
  );
  const startsAt = parse(
    UtcTime,
    requireOption(USAGE, '--starts-at', values['starts-at']),
    'ERR_COMMAND_USAGE',
  );
  const by = requireOption(USAGE, '--by', values.by);
  await withDatabase(io, async ({ config, db }) => {
    const site = await getSite(db);
    const { fields: personal } = await openFields(config);
    const places = await openFilePlaces(config.dataDirectory);
    const now = new Date();
    const actor = await inTransaction(db, (tx) => byCommand(tx, personal, by, now));
    const about = {
      cameraId,
      startsAt: new Date(startsAt),
      name: values.name ?? basename(file),
      source: 'command',
      importedById: null,
      actor,
    } as const;
    const store = { db, site, places, personal };
    const row = await importFootage(store, about, openFile(file), now);
    const { id: footageId, sha256, sizeBytes } = row;
    const text = `Footage ${footageId}: ${sizeBytes} bytes, SHA-256 ${sha256}.`;
    io.print({ footageId, cameraId, sha256, sizeBytes: Number(sizeBytes), state: row.state }, text);
  });
};

/** @throws SallyportError ERR_FOOTAGE_UNKNOWN when there is no such file */
async function* openFile(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new SallyportError('ERR_FOOTAGE_UNKNOWN', { detail: { file: basename(path) }, cause });
    }
    throw cause;
  }
}
