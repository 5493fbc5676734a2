import type { ErrorTable } from './table.ts';

export const LANE_ERRORS = {} as const satisfies ErrorTable;
