import { BackgroundModel } from './background-model.ts';
import { averageBlocks, BLOCK, blockGrid } from './blocks.ts';
import { joinBlocks } from './join-blocks.ts';
import type { DetectionPicture, Detector, Sighting } from './sighting.ts';

/** A figure must change at least this many blocks (two neighbours): single blocks are noise. */
const MIN_BLOCKS = 2;
/** When more of the picture than this changes at once, light or camera changed: all of it is masked. */
const WHOLE_PICTURE = 0.6;

/**
 * Whatever moves, without a model file: each frame is compared with a background that is learned while the
 * clip runs, starting from `background` where one was learned. It cannot see what stands still throughout.
 */
export function openMotionDetector(background?: Uint8Array): Detector {
  let model: BackgroundModel | null = null;
  let grey = new Uint8Array(0);
  return {
    kind: 'motion',
    async detect(picture) {
      const { columns, rows } = blockGrid(picture);
      if (model === null || grey.length !== columns * rows) {
        grey = new Uint8Array(columns * rows);
        model = new BackgroundModel(columns, rows);
        if (background?.length === grey.length) model.seed(background);
      }
      averageBlocks(picture, grey);
      const changed = model.changed(grey, picture.atMs);
      if (changed.share > WHOLE_PICTURE) return [wholePicture(picture)];
      return joinBlocks(changed.blocks, columns, rows)
        .filter((figure) => figure.blocks >= MIN_BLOCKS)
        .map((figure) => ({
          kind: 'motion',
          // Few changed blocks are an unsure sighting; a dozen are a figure.
          confidence: Math.min(1, 0.3 + figure.blocks / 16),
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
