import type { ErrorTable } from './table.ts';

export const STATION_ERRORS = {} as const satisfies ErrorTable;
