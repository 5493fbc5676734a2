import type { RequestState } from '@sallyport/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { stateName } from './state-name.ts';

/** The hops a person follows, in order. */
const STEPS: readonly RequestState[] = [
  'submitted',
  'under-review',
  'approved',
  'acquiring',
  'transcoding',
  'masking',
  'mask-review',
  'watermarking',
  'release-approval',
  'encrypting',
  'transferring',
  'available',
  'viewing',
];

/** Where a request or an export stands: done, now, failed or later, in words as well as colour. */
export function StepBar({
  state,
  failed = false,
  percent,
}: {
  state: RequestState;
  failed?: boolean;
  percent?: number;
}): ReactNode {
  const { t } = useTranslation();
  const here = STEPS.indexOf(state);
  const ended = here === -1;
  return (
    <ol className="steps">
      {STEPS.map((step, index) => {
        const kind = ended
          ? 'later'
          : index < here
            ? 'done'
            : index > here
              ? 'later'
              : failed
                ? 'failed'
                : 'now';
        const progress =
          kind === 'now' && percent !== undefined && percent > 0 && percent < 100
            ? ` ${percent} %`
            : '';
        return (
          <li
            key={step}
            data-step={kind}
            {...(kind === 'now' ? { 'aria-current': 'step' as const } : {})}
          >
            <span className="mark" aria-hidden="true">
              {kind === 'done' ? '✓' : kind === 'failed' ? '!' : index + 1}
            </span>
            <span>
              {stateName(step)}
              {progress}
            </span>
            <span style={{ position: 'absolute', left: -9999 }}>{t(`ui.step-${kind}`)}</span>
          </li>
        );
      })}
      {ended && (
        <li data-step="now" aria-current="step">
          <span className="mark" aria-hidden="true">
            •
          </span>
          {stateName(state)}
        </li>
      )}
    </ol>
  );
}
