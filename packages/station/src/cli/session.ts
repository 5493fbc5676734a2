import type { PortalSession } from '@sallyport/contracts';
import { readSmallFile } from '../files.ts';
import { GatewayClient } from '../gateway/client.ts';
import { openKeyFile } from '../keys/key-file.ts';
import type { Device } from '../keys/device.ts';
import { required, type CommandLine } from './options.ts';
import { readSecret, type Terminal } from './terminal.ts';
import { QUESTIONS } from './texts.ts';

/** Logs in at the gateway the command line names. */
export async function openSession(
  line: CommandLine,
  terminal: Terminal,
): Promise<{ gateway: GatewayClient; session: PortalSession }> {
  const { language } = terminal;
  const questions = QUESTIONS[language];
  const tlsCa =
    line.values['tls-ca'] === undefined ? undefined : await readSmallFile(line.values['tls-ca']);
  const gateway = new GatewayClient({ url: required(line, 'gateway'), tlsCa, language });
  const login = required(line, 'login');
  const password = await readSecret(terminal, line.values['password-file'], questions.password);
  const totp = line.values.totp ?? (await readSecret(terminal, undefined, questions.totp));
  return { gateway, session: await gateway.login({ login, password, totp }) };
}

/** Opens the device's key file with its passphrase. */
export async function openDevice(line: CommandLine, terminal: Terminal): Promise<Device> {
  const text = await readSmallFile(required(line, 'key'));
  const question = QUESTIONS[terminal.language].passphrase;
  return openKeyFile(text, await readSecret(terminal, line.values['passphrase-file'], question));
}
