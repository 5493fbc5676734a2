import { Count, MASK_STYLES, MASK_TARGETS, parse, strictObject } from '@sallyport/contracts';
import Type from 'typebox';
import type { ExportPlan } from '../domain/plan-export.ts';

const Schema = strictObject({
  range: strictObject({ fromMs: Count, toMs: Count }),
  targets: Type.Array(Type.Enum([...MASK_TARGETS]), { minItems: 1, maxItems: MASK_TARGETS.length }),
  style: Type.Enum([...MASK_STYLES]),
  audio: Type.Literal('removed'),
  watermark: strictObject({ kind: Type.Literal('none'), reason: Type.Literal('not built') }),
});

/** Reads the plan column of an export. @throws SallyportError ERR_INTERNAL */
export function parseExportPlan(value: unknown): ExportPlan {
  return parse(Schema, value, 'ERR_INTERNAL');
}
