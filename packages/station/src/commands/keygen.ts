import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@sallyport/contracts';
import { required } from '../cli/options.ts';
import type { Command } from '../cli/command.ts';
import { readSecret } from '../cli/terminal.ts';
import { QUESTIONS } from '../cli/texts.ts';
import { writeNewText } from '../files.ts';
import { createDevice, deviceFingerprint } from '../keys/device.ts';
import { sealKeyFile } from '../keys/key-file.ts';

/** `station keygen -o DIR`: makes both key pairs of this device, in one passphrase-protected file. */
export const keygen: Command = async (line, terminal) => {
  const folder = required(line, 'output');
  const question = QUESTIONS[terminal.language].passphrase;
  const passphrase = await readSecret(terminal, line.values['passphrase-file'], question);
  const { device, privateKeys } = await createDevice({
    deviceId: toHex(randomBytes(16)),
    label: line.values.label ?? hostname(),
    now: terminal.now(),
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keyFile = join(folder, 'device.key');
  await writeNewText(keyFile, await sealKeyFile(device, privateKeys, passphrase));
  return { deviceId: device.deviceId, fingerprint: await deviceFingerprint(device), keyFile };
};
