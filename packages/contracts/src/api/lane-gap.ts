import Type, { type Static } from 'typebox';
import { strictObject } from '../records/strict-object.ts';
import { Count, Id128, UtcTime } from '../scalars.ts';

/** Numbers of a lane that did not arrive: `open` may still come, `lost` may not. */
export const LaneGap = strictObject({
  senderId: Id128,
  epoch: Count,
  from: Count,
  to: Count,
  count: Count,
  firstSeenAt: UtcTime,
  kind: Type.Enum(['open', 'lost']),
});
export type LaneGap = Static<typeof LaneGap>;
