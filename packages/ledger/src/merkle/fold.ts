import { EMPTY_ROOT, nodeHash } from './hashing.ts';
import { trailingOnes } from './layout.ts';

/** A tree seen leaf by leaf: it keeps one hash per level, enough for the root and for every new node. */
export class TreeFold {
  #size = 0;
  // Roots of the complete subtrees that make up the tree, widest first.
  readonly #peaks: Uint8Array[] = [];

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf hash and returns the nodes it completes, leaf first: exactly what the hash file stores. */
  append(leaf: Uint8Array): Uint8Array[] {
    const nodes = [leaf];
    let hash = leaf;
    for (let merges = trailingOnes(this.#size); merges > 0; merges -= 1) {
      // One peak exists for every set bit of the size, so there is one per merge.
      hash = nodeHash(this.#peaks.pop() ?? EMPTY_ROOT, hash);
      nodes.push(hash);
    }
    this.#peaks.push(hash);
    this.#size += 1;
    return nodes;
  }

  root(): Uint8Array {
    const [last, ...rest] = this.#peaks.toReversed();
    return last === undefined
      ? EMPTY_ROOT
      : rest.reduce((right, left) => nodeHash(left, right), last);
  }
}
