import type { ErrorTable } from './table.ts';

export const GATEWAY_ERRORS = {} as const satisfies ErrorTable;
