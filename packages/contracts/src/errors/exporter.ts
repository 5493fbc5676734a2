import type { ErrorTable } from './table.ts';

export const EXPORTER_ERRORS = {} as const satisfies ErrorTable;
