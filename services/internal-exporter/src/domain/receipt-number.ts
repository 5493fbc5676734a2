/** 접수번호: a date and six digits or letters that say nothing about the request or its order. */
export function toReceiptNumber(now: Date, random: Uint8Array): string {
  const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
  const kst = new Date(now.getTime() + 9 * 3_600_000)
    .toISOString()
    .slice(0, 10)
    .replaceAll('-', '');
  const tail = [...random.subarray(0, 6)]
    .map((byte) => alphabet.charAt(byte % alphabet.length))
    .join('');
  return `${kst}-${tail}`;
}
