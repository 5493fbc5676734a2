import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { SallyportError } from '@sallyport/contracts';
import { isNameSound, parseNameRow } from '../names.ts';

/** Checks an exported names file against the digests of the log. */
export class NamesCheck {
  readonly #present = new Set<string>();
  readonly #erased = new Set<string>();
  readonly #at: (where: string) => void;

  constructor(at: (where: string) => void) {
    this.#at = at;
  }

  /** @throws SallyportError ERR_LEDGER_NAME_MISMATCH */
  async read(path: string): Promise<void> {
    let number = 0;
    for await (const line of createInterface({
      input: createReadStream(path),
      crlfDelay: Infinity,
    })) {
      number += 1;
      this.#at(`names file, line ${String(number)}`);
      if (line !== '') this.#readRow(line);
    }
  }

  /**
   * Every digest is named, or marked erased in the file or by an `erasure.done` entry of the log.
   *
   * @throws SallyportError ERR_LEDGER_NAME_MISSING
   */
  requireAll(digests: ReadonlySet<string>, erasedInLog: ReadonlySet<string>): void {
    for (const digest of digests) {
      if (this.#present.has(digest)) continue;
      if (erasedInLog.has(digest)) this.#erased.add(digest);
      this.#at(`digest ${digest.slice(0, 16)}…`);
      if (!this.#erased.has(digest)) throw new SallyportError('ERR_LEDGER_NAME_MISSING');
    }
  }

  counts(): { checked: number; erased: number } {
    return { checked: this.#present.size, erased: this.#erased.size };
  }

  #readRow(line: string): void {
    try {
      const row = parseNameRow(JSON.parse(line));
      if (!isNameSound(row)) throw new SallyportError('ERR_LEDGER_NAME_MISMATCH');
      ('erasedAt' in row ? this.#erased : this.#present).add(row.digest);
    } catch (cause) {
      // A line that is no row cannot match its digest either; nothing of it is printed.
      throw new SallyportError('ERR_LEDGER_NAME_MISMATCH', { cause });
    }
  }
}
