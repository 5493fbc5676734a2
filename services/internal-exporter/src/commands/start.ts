import { SallyportError } from '@sallyport/contracts';
import { createLogger, stopOnSignals } from '@sallyport/runtime';
import { parseExporterEnvironment } from '../config/env.ts';
import { startExporter } from '../exporter.ts';
import { EXPORTER_ROLES, type ExporterRole } from '../role-context.ts';
import { parseCommand, type Command } from './command.ts';

const USAGE = `exporter start [--role ${EXPORTER_ROLES.join('|')}]...`;

/** Starts all roles, or those named, and stays up until SIGTERM or SIGINT. */
export const start: Command = async (args, io) => {
  const { values } = parseCommand(USAGE, args, {
    options: { role: { type: 'string', multiple: true } },
  });
  const roles =
    values.role === undefined
      ? EXPORTER_ROLES
      : values.role.flatMap((text) => text.split(',')).map(parseRole);
  const config = parseExporterEnvironment(io.environment);
  const { address, lifecycle } = await startExporter(config, roles);
  stopOnSignals(
    lifecycle,
    process,
    createLogger({ service: 'internal-exporter', level: config.logLevel }),
  );
  io.print(
    { started: roles, address },
    `${roles.join(', ')} started${address === null ? '' : `: ${address}`}`,
  );
};

function parseRole(text: string): ExporterRole {
  const role = EXPORTER_ROLES.find((known) => known === text);
  if (role === undefined)
    throw new SallyportError('ERR_COMMAND_USAGE', { detail: { role: text, usage: USAGE } });
  return role;
}
