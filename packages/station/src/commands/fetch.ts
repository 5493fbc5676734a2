import { ID128, SallyportError } from '@sallyport/contracts';
import { onlyArgument, required } from '../cli/options.ts';
import type { Command } from '../cli/command.ts';
import { openSession } from '../cli/session.ts';
import { drawProgress } from '../cli/terminal.ts';
import { downloadPackage } from '../download.ts';
import { readCaFile } from '../keys/ca-file.ts';

/** `station fetch ID -o FILE`: downloads a package, verifying every segment on its way. */
export const fetchPackage: Command = async (line, terminal) => {
  const packageId = onlyArgument(line, 'ID');
  if (!ID128.test(packageId))
    throw new SallyportError('ERR_STATION_USAGE', { detail: { fault: 'ID' } });
  const path = required(line, 'output');
  const trust = { ca: await readCaFile(required(line, 'ca')), revoked: new Set<string>() };
  const { gateway } = await openSession(line, terminal);
  const onProgress = drawProgress(terminal, 'fetch');
  const view = await downloadPackage(gateway, packageId, {
    path,
    trust,
    now: terminal.now(),
    onProgress,
  });
  return {
    packageId,
    file: path,
    sizeBytes: view.layout.sizeBytes,
    expiresAt: view.header.expiresAt,
  };
};
