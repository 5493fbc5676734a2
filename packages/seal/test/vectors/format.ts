import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatBytes, fromBase64, toBase64 } from '@sallyport/contracts';
import { VECTORS } from '../support/repository.ts';

/** Bytes given here, or a range of one of the .sallypkg files beside the vectors. */
export type Part =
  | { readonly base64: string }
  | { readonly from: string; readonly start: number; readonly end: number };

/** One vector file. `expect` is `ok` or the code of the first fault. */
export interface Vector {
  readonly comment: string;
  readonly expect: string;
  /** `verify` needs no key · `open` verifies, then decrypts every entry · `compare` verifies, then holds the root against `known`. */
  readonly step: 'verify' | 'open' | 'compare';
  readonly now: string;
  /** The verifying gateway's own id, where one verifies. */
  readonly gatewayId?: string;
  readonly known?: { readonly packageId: string; readonly root: string };
  readonly open?: {
    /** Actor of site.json whose agreement key opens. */
    readonly device: string;
    readonly licenceShare: string;
    /** SHA-256 of the clip that must come out. */
    readonly clipSha256?: string;
  };
  readonly package: readonly Part[];
}

/** The file a vector describes. */
export function bytesOf(
  parts: readonly Part[],
  read: (name: string) => Uint8Array = (name) => readFileSync(join(VECTORS, name)),
): Uint8Array<ArrayBuffer> {
  return concatBytes(
    ...parts.map((part) =>
      'base64' in part ? fromBase64(part.base64) : read(part.from).subarray(part.start, part.end),
    ),
  );
}

/** Describes a file as a change of a base: what they share at both ends is referred to. */
export function describe(file: Uint8Array, name: string, base: Uint8Array): readonly Part[] {
  const shortest = Math.min(file.length, base.length);
  let head = 0;
  while (head < shortest && file[head] === base[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && file[file.length - 1 - tail] === base[base.length - 1 - tail])
    tail += 1;
  const middle = file.subarray(head, file.length - tail);
  const parts: Part[] = [];
  if (head > 0) parts.push({ from: name, start: 0, end: head });
  if (middle.length > 0) parts.push({ base64: toBase64(middle) });
  if (tail > 0) parts.push({ from: name, start: base.length - tail, end: base.length });
  return parts;
}
