import t from 'tap';
import { SallyportError } from '@sallyport/contracts';
import {
  assertAnswersDraft,
  assertMayApproveRelease,
  assertMayApproveRequest,
  assertMayPrepare,
  type ApprovalParties,
} from '@sallyport/internal-exporter/domain/approval-rules.js';

const id = (digit: string): string => digit.repeat(32);
const kim = { personId: id('a'), certificateId: 'a'.repeat(64) };
const lee = { personId: id('b'), certificateId: 'b'.repeat(64) };
const park = { personId: id('c'), certificateId: 'c'.repeat(64) };
const parties = (policy: ApprovalParties['policy'] = 'three-person'): ApprovalParties => ({
  requesters: new Set([id('e')]),
  preparers: new Set([park.personId]),
  policy,
});

t.test('three persons: prepared by one, approved by two others', async (t) => {
  t.doesNotThrow(() => assertMayApproveRequest(kim, parties()));
  t.doesNotThrow(() => assertMayApproveRelease(lee, kim, parties()));
});

t.test('refuses one person approving twice, by person and by certificate', async (t) => {
  const twice = () => assertMayApproveRelease({ ...lee, personId: kim.personId }, kim, parties());
  t.throws(twice, { constructor: SallyportError, code: 'ERR_APPROVAL_SAME_PERSON' });
  const sameKey = () =>
    assertMayApproveRelease({ ...lee, certificateId: kim.certificateId }, kim, parties());
  t.throws(sameKey, { code: 'ERR_APPROVAL_SAME_PERSON' });
});

t.test('refuses the requester or recipient as an approver', async (t) => {
  const requester = { ...kim, personId: id('e') };
  t.throws(() => assertMayApproveRequest(requester, parties('two-person-site')), {
    code: 'ERR_APPROVAL_REQUESTER',
  });
  t.throws(() => assertMayApproveRelease(requester, lee, parties('two-person-site')), {
    code: 'ERR_APPROVAL_REQUESTER',
  });
});

t.test(
  'the preparer may give the first approval only where two persons must do, and never the second',
  async (t) => {
    t.throws(() => assertMayApproveRequest(park, parties()), { code: 'ERR_APPROVAL_PREPARER' });
    t.doesNotThrow(() => assertMayApproveRequest(park, parties('two-person-site')));
    t.throws(() => assertMayApproveRelease(park, kim, parties('two-person-site')), {
      code: 'ERR_APPROVAL_PREPARER',
    });
    t.throws(() => assertMayPrepare(kim.personId, kim, 'three-person'), {
      code: 'ERR_APPROVAL_PREPARER',
    });
    t.doesNotThrow(() => assertMayPrepare(kim.personId, kim, 'two-person-site'));
  },
);

t.test(
  'refuses an approval that differs from its draft in any member, or comes too late',
  async (t) => {
    const draft = {
      ...{ approvalId: id('1'), siteId: id('2'), requestId: id('3'), exportId: null },
      ...{ scopeSha256: 'd'.repeat(64), expiresAt: '2026-12-01T00:00:00.000Z' },
    };
    const { exportId: _, ...common } = draft;
    const signed = { ...common, at: '2026-11-21T00:00:00.000Z' };
    const now = new Date('2026-11-21T00:00:01.000Z');
    t.doesNotThrow(() => assertAnswersDraft(signed, draft, now));
    for (const member of [
      'approvalId',
      'siteId',
      'requestId',
      'scopeSha256',
      'expiresAt',
    ] as const) {
      const altered = () => assertAnswersDraft({ ...signed, [member]: 'other' }, draft, now);
      t.throws(altered, { code: 'ERR_APPROVAL_MISMATCH', detail: { member } });
    }
    const release = () => assertAnswersDraft({ ...signed, exportId: id('4') }, draft, now);
    t.throws(release, { code: 'ERR_APPROVAL_MISMATCH', detail: { member: 'exportId' } });
    t.throws(() => assertAnswersDraft(signed, draft, new Date(draft.expiresAt)), {
      code: 'ERR_RECORD_EXPIRED',
    });
  },
);
