import t from 'tap';
import {
  INITIAL_STATE,
  reduce,
  type PlayerEvent,
  type PlayerState,
} from '@sallyport/player/internal/state.js';

const run = (...events: PlayerEvent[]): PlayerState => events.reduce(reduce, INITIAL_STATE);
const header: PlayerEvent = { kind: 'header-verified', segmentCount: 3 };
const failed: PlayerEvent = { kind: 'failed', code: 'ERR_SEAL_SEGMENT', detail: '' };

t.test('verified so far is not complete until every segment was verified', async (t) => {
  const partly = run(header, { kind: 'segment-verified', verifiedSegments: 2 });
  t.strictSame([partly.verifiedSegments, partly.complete], [2, false]);
  t.equal(reduce(partly, { kind: 'segment-verified', verifiedSegments: 3 }).complete, true);
  t.equal(run({ kind: 'segment-verified', verifiedSegments: 0 }).complete, false);
});

t.test('a stop is final: later segments do not revive playback, only closing counts', async (t) => {
  const stopped = run(header, failed);
  t.equal(stopped.phase, 'stopped');
  t.equal(stopped.failure?.code, 'ERR_SEAL_SEGMENT');
  t.equal(reduce(stopped, { kind: 'segment-verified', verifiedSegments: 3 }), stopped);
  t.equal(reduce(stopped, { kind: 'still-ready', url: 'blob:x' }).stillUrl, null);
  const closed = reduce(stopped, { kind: 'closed' });
  t.equal(closed.phase, 'closed');
  t.equal(reduce(closed, failed), closed);
});

t.test('states are frozen, and say where decryption runs', async (t) => {
  const state = run(header, { kind: 'decryption-chosen', decryption: 'main-thread' });
  t.ok(Object.isFrozen(state));
  t.equal(state.decryption, 'main-thread');
});
