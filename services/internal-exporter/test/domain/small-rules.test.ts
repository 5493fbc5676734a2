import t from 'tap';
import {
  assertMayConfirmProposal,
  stateOfNewAccount,
  toActivationCode,
} from '@sallyport/internal-exporter/domain/accounts.js';
import { csvField, toCsv } from '@sallyport/internal-exporter/domain/csv.js';
import {
  assertFingerprint,
  toFingerprint,
} from '@sallyport/internal-exporter/domain/fingerprint.js';
import {
  changedPolicy,
  DEFAULT_POLICY,
  toPolicyEntry,
} from '@sallyport/internal-exporter/domain/policy.js';
import { toReceiptNumber } from '@sallyport/internal-exporter/domain/receipt-number.js';

t.test(
  'an activation code has four groups of five letters that cannot be mistaken for one another',
  async (t) => {
    t.match(
      toActivationCode(new Uint8Array(20).fill(7)),
      /^([A-HJ-NP-Z2-9]{5}-){3}[A-HJ-NP-Z2-9]{5}$/,
    );
  },
);

t.test(
  'a second account of a staff number is proposed, and confirmed by an uninvolved administrator',
  async (t) => {
    t.equal(stateOfNewAccount(false), 'awaiting-activation');
    t.equal(stateOfNewAccount(true), 'proposed');
    const proposal = { state: 'proposed', personId: 'owner', proposedByPersonId: 'first' } as const;
    t.doesNotThrow(() => assertMayConfirmProposal({ personId: 'second' }, proposal));
    for (const personId of ['first', 'owner']) {
      t.throws(() => assertMayConfirmProposal({ personId }, proposal), {
        code: 'ERR_ACCOUNT_SECOND_ADMINISTRATOR',
      });
    }
    const done = { ...proposal, state: 'active' } as const;
    t.throws(() => assertMayConfirmProposal({ personId: 'second' }, done), {
      code: 'ERR_ACCOUNT_STATE',
    });
  },
);

t.test('no CSV cell starts a formula, and quotes stay inside their cell', async (t) => {
  for (const text of ['=1+1', '+82', '-1', '@x', '\t=1', '\r=1'])
    t.match(csvField(text), /^"'/, text);
  t.equal(csvField('a"b,c'), '"a""b,c"');
  t.equal(csvField(-5), '"-5"');
  t.equal(csvField(null), '');
  t.equal(toCsv(['가'], [['나'], [null]]), '\ufeff"가"\r\n"나"\r\n\r\n');
});

t.test(
  'fingerprints compare without regard to case and spaces, and an empty one never matches',
  async (t) => {
    const shown = toFingerprint('0123456789abcdef0123'.padEnd(64, 'f'));
    t.equal(shown, '0123 4567 89ab cdef 0123');
    t.doesNotThrow(() => assertFingerprint('0123-4567-89AB-CDEF-0123', shown));
    t.throws(() => assertFingerprint('0123 4567 89ab cdef 0124', shown), {
      code: 'ERR_FINGERPRINT_MISMATCH',
    });
    t.throws(() => assertFingerprint('', ''), { code: 'ERR_FINGERPRINT_MISMATCH' });
  },
);

t.test('a pledge keeps its version until its text changes', async (t) => {
  t.equal(
    changedPolicy(DEFAULT_POLICY, { ...DEFAULT_POLICY, plays: 1, pledgeVersion: 99 }).pledgeVersion,
    1,
  );
  t.equal(changedPolicy(DEFAULT_POLICY, { ...DEFAULT_POLICY, pledgeText: '새' }).pledgeVersion, 2);
  t.notOk('approvalPolicy' in toPolicyEntry(DEFAULT_POLICY));
  t.match(DEFAULT_POLICY, {
    requestValidDays: 14,
    recommendedClipMinutes: 10,
    playPeriodDays: 90,
    plays: 50,
  });
});

t.test('a receipt number carries the Korean date and nothing about the request', async (t) => {
  const number = toReceiptNumber(new Date('2026-11-21T15:30:00.000Z'), new Uint8Array(6));
  t.equal(number, '20261122-222222');
});
