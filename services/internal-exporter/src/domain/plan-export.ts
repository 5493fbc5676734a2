import {
  Count,
  MASK_STYLES,
  MASK_TARGETS,
  SallyportError,
  strictObject,
  type FootageState,
  type MaskStyle,
  type MaskTarget,
} from '@sallyport/contracts';
import Type, { type Static } from 'typebox';

/** What will be done to one piece of footage: pure data, made when the operator chooses it. */
export const ExportPlan = strictObject({
  /** The approved time inside the recording, milliseconds from its first frame. */
  range: strictObject({ fromMs: Count, toMs: Count }),
  targets: Type.Array(Type.Enum([...MASK_TARGETS]), { minItems: 1, maxItems: 4 }),
  style: Type.Enum([...MASK_STYLES]),
  audio: Type.Literal('removed'),
  watermark: strictObject({ kind: Type.Literal('none'), reason: Type.Literal('not built') }),
});
export type ExportPlan = Static<typeof ExportPlan>;

export interface PlannableFootage {
  readonly cameraId: string;
  readonly startsAt: Date;
  /** Null until it has been read. */
  readonly endsAt: Date | null;
  readonly state: FootageState;
}

/**
 * Fits approved camera and time to a recording. A recording that covers only a part of the time is
 * taken; the rest is the media pass's to report.
 *
 * @throws SallyportError ERR_EXPORT_RANGE_INVALID, ERR_FOOTAGE_OTHER_CAMERA, ERR_FOOTAGE_OUT_OF_RANGE,
 * ERR_FOOTAGE_REFUSED, ERR_FOOTAGE_DESTROYED
 */
export function planExport(
  item: { readonly cameraId: string; readonly startsAt: Date; readonly endsAt: Date },
  footage: PlannableFootage,
  choice: { readonly targets: readonly MaskTarget[]; readonly style: MaskStyle },
): ExportPlan {
  if (item.endsAt <= item.startsAt) throw new SallyportError('ERR_EXPORT_RANGE_INVALID');
  requireUsable(footage.state);
  if (footage.cameraId !== item.cameraId) throw new SallyportError('ERR_FOOTAGE_OTHER_CAMERA');
  const begins = footage.startsAt.getTime();
  const fromMs = Math.max(0, item.startsAt.getTime() - begins);
  const toMs = item.endsAt.getTime() - begins;
  const lengthMs = footage.endsAt === null ? Infinity : footage.endsAt.getTime() - begins;
  if (toMs <= 0 || fromMs >= lengthMs) throw new SallyportError('ERR_FOOTAGE_OUT_OF_RANGE');
  return {
    range: { fromMs, toMs },
    targets: [...new Set(choice.targets)],
    style: choice.style,
    audio: 'removed',
    watermark: { kind: 'none', reason: 'not built' },
  };
}

function requireUsable(state: FootageState): void {
  if (state === 'refused') throw new SallyportError('ERR_FOOTAGE_REFUSED');
  if (state === 'destroyed') throw new SallyportError('ERR_FOOTAGE_DESTROYED');
}
