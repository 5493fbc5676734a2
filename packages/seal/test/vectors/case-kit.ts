import { NOW } from '../support/site.ts';
import type { Departure, Forge, Forged } from './forge.ts';
import { describe, type Part, type Vector } from './format.ts';

export type Cases = Record<string, Vector>;

/** The honest packages that most vectors refer to. */
export interface Bases {
  readonly clip: Forged;
  readonly aria: Forged;
  readonly still: Forged;
  /** Another package of the same size. */
  readonly other: Forged;
  /** The same footage, sealed before under another id. */
  readonly earlier: Forged;
}

export const now = NOW.toISOString();

export const DEVICE = 'device-1-agree';

export async function departure(
  forge: Forge,
  base: Forged,
  shape: Departure,
  comment: string,
  expect: string,
): Promise<[string, Vector]> {
  const { file } = await forge.seal(shape);
  return [shape.name, verify(comment, expect, changed(base, file))];
}

export function verify(comment: string, expect: string, parts: readonly Part[]): Vector {
  return { comment, expect, step: 'verify', now, package: parts };
}

export function whole({ file }: Forged): readonly Part[] {
  return [{ from: 'clip.sallypkg', start: 0, end: file.length }];
}

export function changed(base: Forged, file: Uint8Array, name = 'clip.sallypkg'): readonly Part[] {
  return describe(file, name, base.file);
}
