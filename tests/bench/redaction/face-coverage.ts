import { findModel } from '@sallyport/media';
import { openNetworkDetector } from '@sallyport/media/internal/detect/network-detector.js';
import type { DetectionPicture, Sighting } from '@sallyport/media/internal/detect/sighting.js';
import { likeness } from '@sallyport/media/internal/detect/sighting.js';
import { decodeFrames } from '@sallyport/media/internal/frames/decode.js';
import { renderShape } from '@sallyport/media/internal/frames/shapes.js';
import { findSecondOpinion } from '@sallyport/media/internal/models/choose-models.js';
import { probeFile } from '@sallyport/media/internal/probe/probe.js';

/** Every so many frames are judged. */
const EVERY = 5;
const SAME_FACE = 0.3;

/**
 * Share of the faces of a clip that a detector of another family still finds in its masked form, at the places where
 * it found them in the original; 0 where it finds none to begin with.
 */
export async function faceCoverage(
  original: string,
  masked: string,
  modelDirectory: string,
): Promise<number> {
  const model =
    (await findSecondOpinion(modelDirectory)) ?? (await findModel('face', modelDirectory));
  if (model === null) throw new Error('no face model');
  const judge = await openNetworkDetector(model, ['face']);
  const see = (picture: DetectionPicture) => {
    const area = { left: 0, top: 0, right: picture.width, bottom: picture.height };
    return judge.detect(picture, { area, longSide: 640 });
  };
  let faces = 0;
  let open = 0;
  const before = await framesOf(original);
  const after = await framesOf(masked);
  for await (const frame of before) {
    const next = await after.next();
    if (next.done === true) break;
    if (frame.index % EVERY !== 0) continue;
    const known = await see({ ...frame, atMs: frame.ptsMs });
    const left: Sighting[] = await see({ ...next.value, atMs: frame.ptsMs });
    faces += known.length;
    open += known.filter((face) => left.some((one) => likeness(one, face) > SAME_FACE)).length;
  }
  await after.return();
  await judge.close();
  return faces === 0 ? 0 : open / faces;
}

async function framesOf(file: string) {
  const source = await probeFile(file);
  return decodeFrames(source, { shape: renderShape(source.report) });
}
