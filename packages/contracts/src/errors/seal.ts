import type { ErrorTable } from './table.ts';

export const SEAL_ERRORS = {} as const satisfies ErrorTable;
