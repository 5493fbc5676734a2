import type { ErrorTable } from './table.ts';

export const RUNTIME_ERRORS = {} as const satisfies ErrorTable;
