import { verifyRecord } from '@sallyport/contracts';
import { onlyArgument, required } from '../cli/options.ts';
import type { Command } from '../cli/command.ts';
import { openDevice, openSession } from '../cli/session.ts';
import { requestLicence } from '../device/records.ts';
import { openForReading, writeNewText } from '../files.ts';
import { readCaFile } from '../keys/ca-file.ts';
import { readCertificates } from '../keys/certificate-file.ts';
import { readPackageHeader } from '../package-file.ts';

/** `station licence PACKAGE -o FILE`: one nonce, one signed request, one licence kept as a file. */
export const licence: Command = async (line, terminal) => {
  const path = onlyArgument(line, 'PACKAGE');
  const output = required(line, 'output');
  const now = terminal.now();
  const trust = { ca: await readCaFile(required(line, 'ca')), revoked: new Set<string>() };
  const device = await readCertificates(required(line, 'key'), await openDevice(line, terminal));
  const file = await openForReading(path);
  const { header } = await readPackageHeader(file, { trust, now }).finally(() => file.close());
  const { gateway } = await openSession(line, terminal);
  const { packageId, gatewayId } = header;
  const jws = await requestLicence(gateway, { packageId, gatewayId, device, now: terminal.now() });
  const { payload } = await verifyRecord('licence', jws, {
    trust,
    now: terminal.now(),
    roles: ['gateway'],
  });
  await writeNewText(output, `${jws}\n`);
  const { licenceId, playsLeft, notAfter } = payload;
  return { licenceId, packageId, notAfter, playsLeft: playsLeft ?? 'unlimited', file: output };
};
