import type { ErrorTable } from './table.ts';

export const MEDIA_ERRORS = {} as const satisfies ErrorTable;
