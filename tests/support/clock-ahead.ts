// Loaded with `--import` before a service's own program: its clock is 91 days ahead, one day past the
// play period of the story. Nothing in the product itself can move its clock.
import { DAYS_AHEAD_MS } from './days-ahead.ts';

const RealDate = Date;

class DateAhead extends RealDate {
  constructor(...given: ConstructorParameters<typeof Date> | []) {
    if (given.length === 0) super(RealDate.now() + DAYS_AHEAD_MS);
    else super(...given);
  }
  static override now(): number {
    return RealDate.now() + DAYS_AHEAD_MS;
  }
}
// Callers use `Date` as a class only; the call signature without `new` is not offered.
globalThis.Date = DateAhead as DateConstructor;
