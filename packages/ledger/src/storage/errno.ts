/** The errno name of a file-system error, '' for anything else. */
export function errnoOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
