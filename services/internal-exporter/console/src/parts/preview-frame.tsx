import type { MaskPlan, MaskTrack } from '@sallyport/contracts';
import { useRef, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Pixels of the upright picture. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One preview picture with the plan's boxes at that moment; drag to draw a new one. */
export function PreviewFrame(props: {
  src: string;
  plan: MaskPlan;
  atMs: number;
  area: Area | null;
  onArea?: (area: Area) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { plan, atMs, area, onArea } = props;
  const start = useRef<{ x: number; y: number } | null>(null);
  const boxes = plan.tracks
    .filter((track) => track.fromMs <= atMs && atMs <= track.toMs)
    .map((track) => ({ track, box: boxAt(track, atMs) }));

  const pointOf = (event: PointerEvent<SVGSVGElement>): { x: number; y: number } => {
    const frame = event.currentTarget.getBoundingClientRect();
    return {
      x: Math.round(((event.clientX - frame.left) / frame.width) * plan.width),
      y: Math.round(((event.clientY - frame.top) / frame.height) * plan.height),
    };
  };
  const draw = (event: PointerEvent<SVGSVGElement>): void => {
    if (start.current === null || onArea === undefined) return;
    const end = pointOf(event);
    const { x, y } = start.current;
    onArea({
      x: Math.min(x, end.x),
      y: Math.min(y, end.y),
      width: Math.abs(end.x - x),
      height: Math.abs(end.y - y),
    });
  };

  return (
    <div style={{ position: 'relative', maxWidth: 960, background: '#000', lineHeight: 0 }}>
      <img
        src={props.src}
        alt={t('review.picture', { seconds: (atMs / 1000).toFixed(2), count: boxes.length })}
        style={{ width: '100%' }}
      />
      <svg
        viewBox={`0 0 ${plan.width} ${plan.height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        style={{
          position: 'absolute',
          inset: 0,
          width: '100%',
          height: '100%',
          touchAction: 'none',
          cursor: onArea === undefined ? 'default' : 'crosshair',
        }}
        onPointerDown={(event) => {
          start.current = pointOf(event);
        }}
        onPointerMove={draw}
        onPointerUp={(event) => {
          draw(event);
          start.current = null;
        }}
      >
        {boxes.map(({ track, box }) => (
          <rect
            key={track.trackId}
            {...box}
            fill={track.decision === 'mask' ? 'rgb(37 110 244 / 35%)' : 'none'}
            stroke={track.decision === 'mask' ? '#4c87f6' : '#ffb114'}
            strokeWidth={3}
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {area !== null && (
          <rect
            {...area}
            fill="none"
            stroke="#ffffff"
            strokeDasharray="6 4"
            strokeWidth={2}
            vectorEffect="non-scaling-stroke"
          />
        )}
      </svg>
    </div>
  );
}

/** Where a track's box stands at `atMs`, on a straight line between its keyframes. */
function boxAt(track: MaskTrack, atMs: number): Area {
  const after = track.keyframes.find((keyframe) => keyframe.atMs >= atMs) ?? track.keyframes.at(-1);
  const before = track.keyframes.findLast((keyframe) => keyframe.atMs <= atMs) ?? after;
  if (before === undefined || after === undefined) return { x: 0, y: 0, width: 0, height: 0 };
  const span = after.atMs - before.atMs;
  const part = span === 0 ? 0 : (atMs - before.atMs) / span;
  const between = (name: keyof Area): number =>
    Math.round(before[name] + (after[name] - before[name]) * part);
  return { x: between('x'), y: between('y'), width: between('width'), height: between('height') };
}
