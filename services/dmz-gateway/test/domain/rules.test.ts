import t from 'tap';
import { deviceState } from '@sallyport/dmz-gateway/domain/device-state.js';
import { endReason } from '@sallyport/dmz-gateway/domain/destruction.js';
import { assertFresh } from '@sallyport/dmz-gateway/domain/request-rules.js';
import { sessionRoleOf } from '@sallyport/dmz-gateway/domain/permissions.js';
import { toTransferLogRow } from '@sallyport/dmz-gateway/domain/transfer-log.js';

const now = new Date('2026-11-21T10:00:00.000Z');
const later = new Date('2026-12-21T10:00:00.000Z');

void t.test('certificates outrank the last word of an enrolment, revocation outranks both', (t) => {
  const [sign, agree] = [
    { role: 'device-sign', revoked: false },
    { role: 'device-agree', revoked: false },
  ];
  t.equal(deviceState('submitted', []), 'submitted');
  t.equal(deviceState('proved', [sign]), 'proved', 'one certificate is not enough');
  t.equal(deviceState('refused', [sign, agree]), 'confirmed');
  t.equal(deviceState('proved', [sign, { ...agree, revoked: true }]), 'revoked');
  t.end();
});

void t.test(
  'a package ends by expiry of itself or its licence, by revocation, by its successor',
  (t) => {
    const alive = {
      expiresAt: later,
      destroyReason: null,
      grant: { status: 'active', notAfter: later },
    };
    t.equal(endReason(alive, now), null);
    t.equal(endReason({ ...alive, expiresAt: now }, now), 'expired');
    t.equal(endReason({ ...alive, grant: { status: 'active', notAfter: now } }, now), 'expired');
    t.equal(endReason({ ...alive, grant: { status: 'revoked', notAfter: later } }, now), 'revoked');
    t.equal(endReason({ ...alive, destroyReason: 'superseded' }, now), 'superseded');
    t.equal(endReason({ expiresAt: null, destroyReason: null, grant: null }, now), null);
    t.end();
  },
);

void t.test('an old record is a replay, one from the future a wrong clock', (t) => {
  t.doesNotThrow(() => assertFresh('2026-11-21T09:58:00.000Z', now, 60_000));
  t.throws(() => assertFresh('2026-11-21T09:00:00.000Z', now, 60_000), {
    code: 'ERR_RECORD_EXPIRED',
  });
  t.throws(() => assertFresh('2026-11-21T11:00:00.000Z', now, 60_000), {
    code: 'ERR_RECORD_EXPIRED',
  });
  t.end();
});

void t.test('an officer who is not confirmed has a role of its own', (t) => {
  t.equal(sessionRoleOf('officer', true), 'officer');
  t.equal(sessionRoleOf('officer', false), 'waiting-officer');
  t.equal(sessionRoleOf('auditor', false), 'auditor');
  t.end();
});

void t.test('a ledger event becomes a row with its outcome', (t) => {
  const [packageId, officerId] = ['ab'.repeat(16), 'cd'.repeat(16)];
  const event = {
    kind: 'licence.refused',
    packageId,
    officerId,
    failure: 'ERR_LICENCE_USED_UP',
  } as const;
  const row = toTransferLogRow({
    row: 7,
    at: now,
    actor: { kind: 'officer', id: officerId },
    event,
    officerId,
    ledgerIndex: null,
  });
  t.match(row, {
    row: 7,
    event: 'licence.refused',
    actor: officerId,
    packageId,
    outcome: 'ERR_LICENCE_USED_UP',
    ledgerIndex: null,
  });
  t.end();
});
