import type { MaskTarget } from '@sallyport/contracts';

/** Share of a seen box's side that is added on each side: detectors stop at the chin and the hairline. */
export const MARGIN: Readonly<Record<MaskTarget, number>> = {
  face: 0.25,
  motion: 0.06,
  plate: 0.15,
  person: 0.08,
  vehicle: 0.05,
};
