import { BackgroundModel, type Background } from './background-model.ts';
import { averageBlocks, BLOCK, blockGrid } from './blocks.ts';
import { joinBlocks } from './join-blocks.ts';
import type { DetectionPicture, Detector, Sighting } from './sighting.ts';

/** Fewer changed blocks than this, or than this share of the picture, are noise of the camera, not a figure. */
const MIN_BLOCKS = 4;
const MIN_SHARE = 0.0006;
/** When more of the picture than this changes at once, light or camera changed: all of it is masked. */
const WHOLE_PICTURE = 0.6;

/**
 * Whatever moves, without a model file: each frame is compared with a background that is learned while the
 * clip runs, starting from `background` where one was learned. It cannot see what stands still throughout.
 */
export function openMotionDetector(background?: Background): Detector {
  let model: BackgroundModel | null = null;
  let grey = new Uint8Array(0);
  return {
    kind: 'motion',
    async detect(picture) {
      const { columns, rows } = blockGrid(picture);
      if (model === null || grey.length !== columns * rows) {
        grey = new Uint8Array(columns * rows);
        model = new BackgroundModel(columns, rows);
        if (background?.brightness.length === grey.length) model.seed(background);
      }
      averageBlocks(picture, grey);
      const changed = model.changed(grey, picture.atMs);
      if (changed.share > WHOLE_PICTURE) return [wholePicture(picture)];
      const least = Math.max(MIN_BLOCKS, MIN_SHARE * columns * rows);
      return joinBlocks(changed.blocks, columns, rows)
        .filter((figure) => figure.blocks >= least)
        .map((figure) => ({
          kind: 'motion',
          // As few changed blocks as noise could make are an unsure sighting; four times as many are a figure.
          confidence: Math.min(1, 0.25 + (0.25 * figure.blocks) / least / 1.5),
          left: figure.left * BLOCK,
          top: figure.top * BLOCK,
          right: Math.min(picture.usedWidth, figure.right * BLOCK),
          bottom: Math.min(picture.usedHeight, figure.bottom * BLOCK),
        }));
    },
    async close() {
      model = null;
    },
  };
}

function wholePicture(picture: DetectionPicture): Sighting {
  return {
    kind: 'motion',
    confidence: 1,
    left: 0,
    top: 0,
    right: picture.usedWidth,
    bottom: picture.usedHeight,
  };
}
