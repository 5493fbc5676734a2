import {
  isFinal,
  isTransition,
  REQUEST_STATES,
  requestStateOf,
  stateLabel,
  TRANSITIONS,
} from '@sallyport/contracts';
import t from 'tap';

t.test('every state can be reached from draft and every way ends', (t) => {
  const reached = new Set<string>(['draft']);
  const queue: (typeof REQUEST_STATES)[number][] = ['draft'];
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    for (const next of TRANSITIONS[state]) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(next);
    }
  }
  t.same([...reached].sort(), [...REQUEST_STATES].sort());
  t.same(REQUEST_STATES.filter(isFinal), ['closed']);
  t.end();
});

t.test('no state before the release approval leads past it', (t) => {
  const before = REQUEST_STATES.slice(0, REQUEST_STATES.indexOf('release-approval'));
  const after = ['encrypting', 'transferring', 'available', 'viewing'] as const;
  for (const from of before)
    for (const to of after) t.notOk(isTransition(from, to), `${from} → ${to}`);
  t.end();
});

t.test('nothing destroyed comes back', (t) => {
  for (const from of ['expired', 'destroyed', 'destruction-confirmed', 'closed'] as const) {
    for (const to of ['available', 'viewing', 'encrypting', 'transferring'] as const)
      t.notOk(isTransition(from, to), `${from} → ${to}`);
  }
  t.end();
});

t.test('a request is as far as its slowest living export', (t) => {
  t.equal(requestStateOf(['available', 'masking', 'available']), 'masking');
  t.equal(requestStateOf(['available', 'footage-missing']), 'available');
  t.equal(requestStateOf(['rejected', 'cancelled']), 'rejected');
  t.equal(requestStateOf([]), null);
  t.end();
});

t.test('every state has a Korean and an English name of its own', (t) => {
  for (const language of ['ko', 'en'] as const) {
    t.equal(
      new Set(REQUEST_STATES.map((state) => stateLabel(state, language))).size,
      REQUEST_STATES.length,
    );
  }
  t.end();
});
