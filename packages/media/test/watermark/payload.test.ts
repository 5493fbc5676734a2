import t from 'tap';
import { CODE_BITS, decodeId, encodeId } from '@sallyport/media/internal/watermark/payload.js';

/** Reproducible numbers in 0…1. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

t.test('an id is read back from its code, also through heavy noise', async (t) => {
  const random = numbers(7);
  for (const id of ['0000000000000000', 'ffffffffffffffff', '0123456789abcdef']) {
    const code = encodeId(id);
    t.equal(code.length, CODE_BITS);
    t.equal(decodeId(Float64Array.from(code)), id);
    const noisy = Float64Array.from(code, (bit) => bit + 3 * (random.next().value - 0.5));
    t.ok(noisy.filter((value, at) => Math.sign(value) !== code[at]).length > 20, 'bits are wrong');
    t.equal(decodeId(noisy), id);
  }
});

t.test('noise alone is no id, and a wrong check sum is refused', async (t) => {
  const random = numbers(11);
  const noise = () => Float64Array.from({ length: CODE_BITS }, () => random.next().value - 0.5);
  const read = Array.from({ length: 20 }, () => decodeId(noise()));
  t.ok(
    read.every((id) => id === null),
    'none of twenty',
  );
});
