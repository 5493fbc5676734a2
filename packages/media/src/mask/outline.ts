import type { MaskBox, MaskShape } from '@sallyport/contracts';
import type { ActiveMask } from './boxes-at.ts';
import { alignBox, type Picture } from './swatch.ts';

/**
 * Which pixels of an aligned box a mask covers: for each pair of rows the first and one past the last pair of columns,
 * counted from the box's corner. Pairs, so that colour planes of half the size have the same edge.
 */
export type Outline = Int32Array;

/** An ellipse through the corners of a box is this much larger than the box. */
const AROUND = Math.SQRT2;

/**
 * The outline of a mask inside its box. An ellipse goes around all of what was seen, so it leaves open only what was
 * added as a margin; at the border of the picture there is no margin to leave.
 */
export function outlineOf(
  mask: Pick<ActiveMask, 'box' | 'margin'>,
  shape: MaskShape,
  picture: Pick<Picture, 'width' | 'height'>,
): Outline {
  const box = alignBox(mask.box, picture);
  return shape === 'box' ? whole(box) : ellipse(box, seenPart(mask, picture));
}

/** Whether a part of the box lies wholly inside the outline. */
export function isWithin(outline: Outline, box: MaskBox, part: MaskBox): boolean {
  const left = Math.floor((part.x - box.x) / 2);
  const right = Math.ceil((part.x + part.width - box.x) / 2);
  const toRow = Math.ceil((part.y + part.height - box.y) / 2);
  for (let row = Math.floor((part.y - box.y) / 2); row < toRow; row++)
    if ((outline[2 * row] ?? 0) > left || (outline[2 * row + 1] ?? 0) < right) return false;
  return true;
}

function whole(box: MaskBox): Outline {
  const outline = new Int32Array(box.height);
  for (let at = 1; at < outline.length; at += 2) outline[at] = box.width / 2;
  return outline;
}

function seenPart(
  { box, margin }: Pick<ActiveMask, 'box' | 'margin'>,
  picture: Pick<Picture, 'width' | 'height'>,
): MaskBox {
  const left = box.x === 0 ? 0 : box.x + margin.x;
  const top = box.y === 0 ? 0 : box.y + margin.y;
  const right = box.x + box.width;
  const bottom = box.y + box.height;
  // A padded picture is one pixel larger than the footage.
  const endX = right >= picture.width - 1 ? picture.width : right - margin.x;
  const endY = bottom >= picture.height - 1 ? picture.height : bottom - margin.y;
  return { x: left, y: top, width: Math.max(1, endX - left), height: Math.max(1, endY - top) };
}

function ellipse(box: MaskBox, seen: MaskBox): Outline {
  const outline = new Int32Array(box.height);
  const centreX = seen.x + seen.width / 2;
  const centreY = seen.y + seen.height / 2;
  const reachX = (AROUND * seen.width) / 2;
  const reachY = (AROUND * seen.height) / 2;
  for (let row = 0; row < box.height / 2; row++) {
    // The height within this pair of rows that is nearest to the centre: there it is widest.
    const y = Math.min(Math.max(centreY, box.y + 2 * row), box.y + 2 * row + 2);
    const away = (y - centreY) / reachY;
    if (Math.abs(away) > 1) continue;
    const half = reachX * Math.sqrt(1 - away * away);
    outline[2 * row] = Math.max(0, Math.floor((centreX - half - box.x) / 2));
    outline[2 * row + 1] = Math.min(box.width / 2, Math.ceil((centreX + half - box.x) / 2));
  }
  return outline;
}
