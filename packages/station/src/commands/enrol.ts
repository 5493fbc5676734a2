import { dirname, join } from 'node:path';
import { SallyportError } from '@sallyport/contracts';
import { required, type CommandLine } from '../cli/options.ts';
import type { Command } from '../cli/command.ts';
import { openDevice, openSession } from '../cli/session.ts';
import { enrolDevice } from '../device/enrolment.ts';
import { writeNewText } from '../files.ts';
import { caFingerprint, readCaFile, toPem } from '../keys/ca-file.ts';
import { writeCertificates } from '../keys/certificate-file.ts';
import { deviceFingerprint } from '../keys/device.ts';

const WAIT_SECONDS = 600;
const POLL_MS = 2000;

/**
 * `station enrol`: posts the device's keys, answers the challenge, waits for the operator, keeps the
 * certificates beside the key file. Running it again continues where it stopped.
 */
export const enrol: Command = async (line, terminal) => {
  const keyFile = required(line, 'key');
  const waitMs = waitMsOf(line);
  const device = await openDevice(line, terminal);
  const { gateway, session } = await openSession(line, terminal);
  const officerId = session.account.officer?.officerId;
  if (officerId === undefined)
    throw new SallyportError('ERR_STATION_USAGE', { detail: { fault: 'not an officer’s login' } });
  const site = await gateway.site();
  const ca = await trustedCa(line, site.ca);
  const enrolled = await enrolDevice(gateway, device, {
    officerId,
    siteId: site.siteId,
    ca,
    waitMs,
    pollMs: POLL_MS,
    clock: terminal.now,
    onState: (state, fingerprint) => {
      if (terminal.interactive) terminal.stderr.write(`${state} · ${fingerprint}\n`);
    },
  });
  await writeCertificates(keyFile, enrolled);
  const caFile = line.values.ca ?? join(dirname(keyFile), 'ca.pem');
  if (line.values.ca === undefined) await writeNewText(caFile, toPem(ca));
  return {
    state: 'confirmed',
    deviceId: device.deviceId,
    fingerprint: await deviceFingerprint(device),
    caFingerprint: await caFingerprint(ca),
    files: [caFile],
  };
};

/** A CA that came by hand outranks what the gateway shows; the two must be one. */
async function trustedCa(line: CommandLine, shown: string): Promise<string> {
  if (line.values.ca === undefined) return shown;
  const held = await readCaFile(line.values.ca);
  if (held !== shown) throw new SallyportError('ERR_STATION_CA_DIFFERS');
  return held;
}

function waitMsOf(line: CommandLine): number {
  const text = line.values.wait ?? String(WAIT_SECONDS);
  if (!/^[0-9]{1,6}$/.test(text))
    throw new SallyportError('ERR_STATION_USAGE', { detail: { fault: '--wait' } });
  return Number(text) * 1000;
}
