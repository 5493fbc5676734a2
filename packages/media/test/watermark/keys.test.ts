import t from 'tap';
import { deriveMarkKey } from '@sallyport/media';
import { KeyStream } from '@sallyport/media/internal/watermark/keys.js';

const master = new Uint8Array(32).fill(9);

t.test('tenant and epoch each make another key', async (t) => {
  const hex = (tenant: string, epoch: number) =>
    Buffer.from(deriveMarkKey(master, tenant, epoch)).toString('hex');
  const keys = [hex('a', 1), hex('a', 2), hex('b', 1), hex('a1', 1)];
  t.equal(new Set(keys).size, keys.length);
  t.equal(hex('a', 1), keys[0]);
  t.throws(() => deriveMarkKey(new Uint8Array(16), 'a', 1), { code: 'ERR_WATERMARK_KEY' });
  t.throws(() => deriveMarkKey(master, 'a', -1), { code: 'ERR_WATERMARK_KEY' });
});

t.test('a permutation holds every number once and differs by label', async (t) => {
  const order = (label: string) => new KeyStream(master, label).permutation(500);
  t.same(
    [...order('one')].sort((a, b) => a - b),
    Array.from({ length: 500 }, (_, at) => at),
  );
  t.notSame(order('one'), order('two'));
});
