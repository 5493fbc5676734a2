import {
  SallyportError,
  type FootageState,
  type MaskStyle,
  type MaskTarget,
} from '@sallyport/contracts';

/** What will be done to one piece of footage: pure data, made when the operator chooses it. */
export interface ExportPlan {
  /** The approved time inside the recording, milliseconds from its first frame. */
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly targets: MaskTarget[];
  readonly style: MaskStyle;
  readonly audio: 'removed';
  readonly watermark: { readonly kind: 'none'; readonly reason: 'not built' };
}

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
