import type { ErrorTable } from './table.ts';

export const LEDGER_ERRORS = {} as const satisfies ErrorTable;
