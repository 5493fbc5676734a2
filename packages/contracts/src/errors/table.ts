/** One language's text of an error: what happened, and what the reader should do. */
export interface ErrorText {
  readonly what: string;
  readonly remedy: string;
}

/** An error as every zone shows it: HTTP status and both languages. */
export interface ErrorEntry {
  readonly status:
    400 | 401 | 403 | 404 | 405 | 408 | 409 | 410 | 413 | 415 | 422 | 423 | 429 | 500 | 503;
  readonly ko: ErrorText;
  readonly en: ErrorText;
}

export type ErrorTable = Readonly<Record<`ERR_${string}`, ErrorEntry>>;
