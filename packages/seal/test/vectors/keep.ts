import { canonicalBytes, sha256Hex } from '@sallyport/contracts';

type Kept = Record<string, { of: string; value: string }>;

/**
 * Remembers what randomised cryptography made (ECDSA signatures, ECDH wraps), so that a second run
 * of the generator writes the same bytes. A kept value is used while its input is the same.
 */
export class Keep {
  readonly #kept: Kept;
  readonly #used: Kept = {};

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  async value(name: string, input: unknown, make: () => Promise<string>): Promise<string> {
    const of = await sha256Hex(canonicalBytes(input));
    const known = this.#used[name] ?? this.#kept[name];
    const entry = known?.of === of ? known : { of, value: await make() };
    this.#used[name] = entry;
    return entry.value;
  }

  /** What this run used, by name. */
  used(): Kept {
    return Object.fromEntries(Object.entries(this.#used).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
