import {
  listGaps,
  parseSequenceState,
  startSequence,
  trackFrame,
  type SequenceState,
} from '@sallyport/lane';
import fc from 'fast-check';
import t from 'tap';
import { NOW, SENDER } from '../support/lane-site.ts';

/** Feeds arrivals and returns the state with what was applied, in order. */
function feed(arrivals: readonly { epoch?: number; seq: number }[], window?: number) {
  let state: SequenceState = startSequence(SENDER, 1);
  const applied: number[] = [];
  const verdicts: string[] = [];
  for (const { epoch = 1, seq } of arrivals) {
    const verdict = trackFrame(
      state,
      { epoch, seq },
      window === undefined ? { now: NOW } : { now: NOW, window },
    );
    verdicts.push(verdict.kind === 'refused' ? verdict.code : verdict.kind);
    if (verdict.kind === 'duplicate' || verdict.kind === 'refused') continue;
    state = parseSequenceState(JSON.parse(JSON.stringify(verdict.state)));
    applied.push(seq);
  }
  return { state, applied, verdicts };
}

function missingOf(state: SequenceState): number[] {
  return listGaps(state).flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i),
  );
}

t.test(
  'every arrival order with repeats of up to 4 numbers applies each once and knows what is missing',
  (t) => {
    let cases = 0;
    for (let length = 0; length <= 5; length += 1) {
      for (let code = 0; code < 4 ** length; code += 1) {
        const seqs = Array.from({ length }, (_, place) => 1 + (Math.floor(code / 4 ** place) % 4));
        const { state, applied } = feed(seqs.map((seq) => ({ seq })));
        const expected = new Set(seqs);
        const high = Math.max(0, ...seqs);
        const missing = Array.from({ length: high }, (_, i) => i + 1).filter(
          (seq) => !expected.has(seq),
        );
        const isRight =
          applied.length === expected.size &&
          applied.every((seq) => expected.has(seq)) &&
          state.high === high &&
          String(missingOf(state)) === String(missing);
        if (!isRight) t.fail(`arrivals ${String(seqs)}`);
        cases += 1;
      }
    }
    t.equal(cases, 1365);
    t.end();
  },
);

t.test('any shuffle with duplicates and losses leaves exactly the losses', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 400 }),
      (seqs) => {
        const { state, applied } = feed(seqs.map((seq) => ({ seq })));
        const seen = new Set(seqs);
        return (
          applied.length === seen.size &&
          missingOf(state).length === state.high - seen.size &&
          missingOf(state).every((seq) => !seen.has(seq))
        );
      },
    ),
    { numRuns: 200 },
  );
  t.end();
});

t.test('names each kind of arrival', (t) => {
  const { verdicts } = feed([
    { seq: 1 },
    { seq: 4 },
    { seq: 2 },
    { seq: 2 },
    { seq: 1 },
    { seq: 5 },
  ]);
  t.same(verdicts, ['next', 'ahead', 'late', 'duplicate', 'duplicate', 'next']);
  t.end();
});

t.test('keeps when a gap was first seen while late frames eat into it', (t) => {
  const opened = trackFrame(startSequence(SENDER, 1), { epoch: 1, seq: 6 }, { now: NOW });
  if (opened.kind !== 'ahead') throw new Error('expected a gap');
  const later = new Date(NOW.getTime() + 60_000);
  const filled = trackFrame(opened.state, { epoch: 1, seq: 3 }, { now: later });
  if (filled.kind !== 'late') throw new Error('expected a late frame');
  const firstSeenAt = NOW.toISOString();
  const common = { senderId: SENDER, epoch: 1, firstSeenAt, kind: 'open' };
  t.same(listGaps(filled.state), [
    { ...common, from: 1, to: 2, count: 2 },
    { ...common, from: 4, to: 5, count: 2 },
  ]);
  t.end();
});

t.test(
  'refuses a hole below the window for ever, keeps it as lost, and still ignores old duplicates',
  (t) => {
    const { state, verdicts } = feed(
      [{ seq: 1 }, { seq: 4 }, { seq: 20 }, { seq: 2 }, { seq: 1 }, { seq: 12 }],
      10,
    );
    t.same(verdicts, ['next', 'ahead', 'ahead', 'ERR_LANE_FRAME_STALE', 'duplicate', 'late']);
    t.same(
      listGaps(state, { window: 10 }).map(({ from, to, kind }) => ({ from, to, kind })),
      [
        { from: 2, to: 3, kind: 'lost' },
        { from: 5, to: 10, kind: 'lost' },
        { from: 11, to: 11, kind: 'open' },
        { from: 13, to: 19, kind: 'open' },
      ],
    );
    t.end();
  },
);

t.test('a new epoch starts anew, refuses the old one and keeps what the old one owed', (t) => {
  const { state, verdicts } = feed([
    { seq: 1 },
    { seq: 3 },
    { epoch: 2, seq: 1 },
    { seq: 2 },
    { epoch: 2, seq: 3 },
  ]);
  t.same(verdicts, ['next', 'ahead', 'next', 'ERR_LANE_EPOCH_STALE', 'ahead']);
  t.same(
    listGaps(state).map(({ epoch, from, to, kind }) => ({ epoch, from, to, kind })),
    [
      { epoch: 1, from: 2, to: 2, kind: 'lost' },
      { epoch: 2, from: 2, to: 2, kind: 'open' },
    ],
  );
  t.end();
});

t.test('refuses a stored state that was tampered with or is of another shape', (t) => {
  const range = (from: number, to: number) => ({ from, to, firstSeenAt: NOW.toISOString() });
  const good = { ...startSequence(SENDER, 1), high: 9, missing: [range(2, 3), range(5, 8)] };
  t.same(parseSequenceState(good), good);
  const bad: unknown[] = [
    null,
    {},
    { ...good, more: 1 },
    { ...good, high: 8 },
    { ...good, missing: [range(5, 8), range(2, 3)] },
    { ...good, missing: [range(3, 2)] },
    { ...good, missing: [range(0, 2)] },
  ];
  for (const state of bad)
    t.throws(() => parseSequenceState(state), { code: 'ERR_LANE_STATE_INVALID' });
  t.end();
});
