import type { CommandLine } from './options.ts';
import type { Terminal } from './terminal.ts';

/** What a command says when it succeeds: printed as JSON, or line by line under its labels. */
export type Outcome = Readonly<Record<string, unknown>>;
export type Command = (line: CommandLine, terminal: Terminal) => Promise<Outcome>;
