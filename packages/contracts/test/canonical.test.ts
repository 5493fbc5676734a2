import { canonicalBytes, canonicalize, parseCanonical, SallyportError } from '@sallyport/contracts';
import fc from 'fast-check';
import t from 'tap';

t.test('sorts members by UTF-16 code units and writes no spaces', (t) => {
  t.equal(
    canonicalize({ b: 1, a: [true, null, 'x'], '\u20ac': 2, '\u{1f600}': 3 }),
    '{"a":[true,null,"x"],"b":1,"€":2,"😀":3}',
  );
  t.end();
});

t.test('refuses every value JSON cannot carry exactly', (t) => {
  const bad: unknown[] = [
    undefined,
    NaN,
    Infinity,
    2 ** 53,
    -(2 ** 53),
    '\ud800',
    { a: undefined },
    { '\udc00': 1 },
    new Date(),
    10n,
    [() => 1],
  ];
  for (const value of bad) t.throws(() => canonicalize(value), { code: 'ERR_CANONICAL_VALUE' });
  t.end();
});

t.test('reads back what it wrote, and nothing with another spelling', (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const normal: unknown = JSON.parse(JSON.stringify(value));
      if (hasUnsafeNumber(normal)) return;
      t.same(parseCanonical(canonicalBytes(normal)), normal);
    }),
    { numRuns: 200 },
  );
  for (const text of [
    '{"a":1,"a":1}',
    '{"b":1,"a":2}',
    ' {"a":1}',
    '{"a":1.0}',
    '{"a":1e0}',
    '{"a":"\\u0061"}',
    '',
    '{',
    '-0',
  ]) {
    t.throws(
      () => parseCanonical(new TextEncoder().encode(text)),
      { code: 'ERR_RECORD_NOT_CANONICAL' },
      text,
    );
  }
  t.throws(() => parseCanonical(Uint8Array.of(0x22, 0xff, 0x22)), {
    code: 'ERR_RECORD_NOT_CANONICAL',
  });
  t.throws(
    () => parseCanonical(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)),
    { code: 'ERR_RECORD_NOT_CANONICAL' },
    'byte order mark',
  );
  t.end();
});

t.test('an error carries its code, its facts and its cause', (t) => {
  const cause = new Error('inner');
  const error = new SallyportError('ERR_RECORD_STALE', { detail: { known: 4 }, cause });
  t.equal(error.code, 'ERR_RECORD_STALE');
  t.same(error.detail, { known: 4 });
  t.equal(error.cause, cause);
  t.match(error.message, /ERR_RECORD_STALE/);
  t.end();
});

function hasUnsafeNumber(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasUnsafeNumber);
}
