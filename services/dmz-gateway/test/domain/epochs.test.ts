import t from 'tap';
import {
  epochEndsAt,
  epochOf,
  epochsNeeded,
  isEpochOver,
} from '@sallyport/dmz-gateway/domain/epochs.js';

void t.test('an epoch is a month, and the next key is ready a week before it', (t) => {
  t.equal(epochOf(new Date('2026-11-30T23:59:59Z')), 202611);
  t.same(epochsNeeded(new Date('2026-11-20T00:00:00Z')), [202611]);
  t.same(epochsNeeded(new Date('2026-12-28T00:00:00Z')), [202612, 202701]);
  t.equal(epochEndsAt(202612).toISOString(), '2027-01-08T00:00:00.000Z');
  t.end();
});

void t.test('an epoch’s key dies after its last grant and its grace, never before', (t) => {
  const late = new Date('2027-06-01T00:00:00Z');
  t.equal(isEpochOver({ epoch: 202612, aliveGrants: 1 }, late), false);
  t.equal(isEpochOver({ epoch: 202612, aliveGrants: 0 }, late), true);
  t.equal(isEpochOver({ epoch: 202612, aliveGrants: 0 }, new Date('2027-01-10T00:00:00Z')), false);
  t.end();
});
