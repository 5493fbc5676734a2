/** H.264 levels (ITU-T H.264 table A-1): name, macroblocks per second, macroblocks per frame. */
const LEVELS = [
  ['3.0', 40_500, 1620],
  ['3.1', 108_000, 3600],
  ['3.2', 216_000, 5120],
  ['4.0', 245_760, 8192],
  ['4.2', 522_240, 8704],
  ['5.0', 589_824, 22_080],
  ['5.1', 983_040, 36_864],
  ['5.2', 2_073_600, 36_864],
  ['6.0', 4_177_920, 139_264],
  ['6.2', 16_711_680, 139_264],
] as const;

/**
 * The lowest level that holds a picture size at its average rate. Left to itself the encoder takes the tick
 * of a variable-rate clip for its frame rate and claims a level that players refuse.
 */
export function h264Level(width: number, height: number, averageRate: number): string {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const rate = blocks * Math.max(averageRate, 25);
  const level = LEVELS.find(([, perSecond, perFrame]) => rate <= perSecond && blocks <= perFrame);
  return level?.[0] ?? '6.2';
}
