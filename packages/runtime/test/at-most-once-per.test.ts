import { atMostOncePer } from '@sallyport/runtime';
import t from 'tap';

const at = (ms: number) => new Date(1_800_000_000_000 + ms);

t.test('does an act once per key and period', async (t) => {
  const once = atMostOncePer(1000);
  const done: string[] = [];
  const act = (name: string) => () => Promise.resolve(done.push(name));
  await once('a', at(0), act('a'));
  await once('a', at(999), act('a again'));
  await once('b', at(999), act('b'));
  t.same(done, ['a', 'b']);
  await once('a', at(1000), act('a later'));
  t.same(done, ['a', 'b', 'a later']);
});

t.test('a failed act is due again at once', async (t) => {
  const once = atMostOncePer(1000);
  await t.rejects(
    once('a', at(0), () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );
  let did = false;
  await once('a', at(1), () => Promise.resolve((did = true)));
  t.ok(did);
});
