import { id, ramp } from '../support/site.ts';
import type { Bases, Cases } from './case-kit.ts';
import { accepted, cutAndPasted, flipped } from './cases-of-bytes.ts';
import { badlyApproved, badlySigned, badRecipients, lying } from './cases-of-headers.ts';
import { notOpening } from './cases-of-opening.ts';
import { misspelt } from './cases-of-spelling.ts';
import { OTHER_PACKAGE_ID, type Forge } from './forge.ts';

export async function makeBases(forge: Forge): Promise<Bases> {
  return {
    clip: await forge.seal({ name: 'clip' }),
    aria: await forge.seal({ name: 'aria', suite: 2, packageId: id('bc') }),
    still: await forge.seal({
      name: 'still',
      packageId: id('bd'),
      clipId: 'still.jpg',
      clip: ramp(500, 9),
    }),
    other: await forge.seal({
      name: 'other',
      packageId: OTHER_PACKAGE_ID,
      exportId: id('e2'),
      clip: ramp(9000, 77),
      seed: 5,
    }),
    earlier: await forge.seal({ name: 'earlier', packageId: id('be'), seed: 9 }),
  };
}

/** Every vector by file name. */
export async function makeCases(forge: Forge, bases: Bases): Promise<Cases> {
  return {
    ...accepted(bases),
    ...cutAndPasted(bases),
    ...flipped(bases),
    ...(await lying(forge, bases)),
    ...(await badlySigned(forge, bases)),
    ...(await badlyApproved(forge, bases)),
    ...(await badRecipients(forge, bases)),
    ...(await misspelt(forge, bases)),
    ...(await notOpening(forge, bases)),
  };
}
