import t from 'tap';
import type { CertificateIdentity, RequestApproval } from '@sallyport/contracts';
import {
  checkRequestGate,
  type GatePersons,
  type GateSubject,
  type RequestGate,
} from '@sallyport/internal-exporter/domain/check-gates.js';

const id = (digit: string): string => digit.repeat(32);
const digest = (digit: string): string => digit.repeat(64);
const NOW = new Date('2026-11-21T10:00:00.000Z');

const subject: GateSubject = {
  ...{ siteId: id('1'), requestId: id('2'), requestSha256: digest('2'), exportId: id('3') },
  ...{ itemId: id('4'), cameraId: id('5') },
  ...{ startsAt: '2026-11-20T10:00:00.000Z', endsAt: '2026-11-20T10:05:00.000Z' },
};
const item = {
  ...{ itemId: subject.itemId, cameraId: subject.cameraId },
  ...{ startsAt: subject.startsAt, endsAt: subject.endsAt },
};
const payload: RequestApproval = {
  ...{ approvalId: id('6'), siteId: id('1'), requestId: id('2'), scopeSha256: digest('7') },
  ...{ at: '2026-11-21T09:00:00.000Z', expiresAt: '2026-11-22T09:00:00.000Z' },
};
const gate: RequestGate = {
  payload,
  // Only the person is looked at here; the signature was verified before.
  signer: { ownerId: id('a') } as CertificateIdentity,
  scope: {
    ...{ requestId: id('2'), requestSha256: digest('2'), items: [item] },
    ...{ recipientOfficerId: id('8'), reasonCode: 'theft' },
    ...{ legalBasis: 'pipa-18-2-7-investigation', playPeriodDays: 90, plays: 50 },
    thirdParty: false,
  },
  scopeSha256: digest('7'),
};
const persons = (preparers: string[], policy: GatePersons['policy'] = 'three-person') => ({
  preparers,
  requesters: [id('8')],
  policy,
});
const open = (who: GatePersons, change: Partial<GateSubject> = {}) =>
  checkRequestGate(gate, { ...subject, ...change }, who, NOW);

t.test('opens for exactly what was approved, by somebody with no other hand in it', async (t) => {
  t.doesNotThrow(() => open(persons([id('b'), id('c')])));
});

t.test('stays shut for any of the preparers, not only the first', async (t) => {
  const refusal = { code: 'ERR_SEAL_APPROVAL_PERSON' };
  t.throws(() => open(persons([id('a'), id('b')])), refusal);
  t.throws(() => open(persons([id('b'), id('a')])), refusal);
  t.doesNotThrow(() => open(persons([id('b'), id('a')], 'two-person-site')));
});

t.test('stays shut for another camera or time than was approved', async (t) => {
  for (const change of [{ cameraId: id('9') }, { endsAt: '2026-11-20T10:06:00.000Z' }])
    t.throws(() => open(persons([id('b')]), change), { code: 'ERR_GATE_SCOPE_MISMATCH' });
});
