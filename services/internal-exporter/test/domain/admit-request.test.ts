import t from 'tap';
import { SallyportError, type ExportRequest, type RequestDetails } from '@sallyport/contracts';
import {
  admitRequest,
  rangeKey,
  type AdmissionFacts,
} from '@sallyport/internal-exporter/domain/admit-request.js';
import { DEFAULT_POLICY } from '@sallyport/internal-exporter/domain/policy.js';

const id = (digit: string): string => digit.repeat(32);
const NOW = new Date('2026-11-21T10:00:00.000Z');

const request: ExportRequest = {
  ...{
    requestId: id('1'),
    siteId: id('2'),
    officerId: id('3'),
    deviceId: id('4'),
    sealed: 'a.b.c',
  },
  ...{ at: '2026-11-21T09:59:00.000Z', expiresAt: '2026-12-05T09:59:00.000Z' },
};
const item = {
  ...{ itemId: id('5'), cameraId: id('6') },
  ...{ startsAt: '2026-11-20T10:00:00.000Z', endsAt: '2026-11-20T10:05:00.000Z' },
};
const details: RequestDetails = {
  ...{
    kind: 'export',
    caseNumber: '1',
    caseName: '절도',
    incidentAt: item.startsAt,
    incidentAddress: '중구',
  },
  ...{
    legalBasis: 'pipa-18-2-7-investigation',
    reasonCode: 'theft',
    reasonDetail: '',
    documentNumber: 'D-1',
  },
  ...{
    items: [item],
    maskTargets: ['face'],
    recipientOfficerId: id('3'),
    playPeriodDays: 90,
    plays: 50,
  },
  ...{ thirdParty: false, pledgeVersion: 1 },
};
const camera = { cameraId: id('6'), retentionDays: 30, exclusion: { kind: 'none' } as const };
const facts: AdmissionFacts = {
  siteId: id('2'),
  policy: DEFAULT_POLICY,
  cameras: new Map([[camera.cameraId, camera]]),
  requesterConfirmed: true,
  recipientConfirmed: true,
  alreadyRequested: new Set(),
  documentNumberUsedBefore: false,
  itemIdsUsedBefore: false,
};

const admit = (
  changed: {
    request?: Partial<ExportRequest>;
    details?: Partial<RequestDetails>;
    facts?: Partial<AdmissionFacts>;
  } = {},
) =>
  admitRequest(
    { ...request, ...changed.request },
    { ...details, ...changed.details },
    { ...facts, ...changed.facts },
    NOW,
  );
const withItem = (changes: Partial<typeof item>) => ({
  details: { items: [{ ...item, ...changes }] },
});
const withCamera = (changes: object) => ({
  facts: { cameras: new Map([[camera.cameraId, { ...camera, ...changes }]]) },
});

t.test('admits a plain request without warnings', async (t) => {
  t.same(admit(), []);
});

const REFUSALS: readonly (readonly [
  title: string,
  changes: Parameters<typeof admit>[0],
  code: string,
])[] = [
  ['addressed to another site', { request: { siteId: id('9') } }, 'ERR_RECORD_AUDIENCE'],
  ['that has expired', { request: { expiresAt: NOW.toISOString() } }, 'ERR_RECORD_EXPIRED'],
  ['from the future', { request: { at: '2026-11-21T10:06:00.000Z' } }, 'ERR_RECORD_EXPIRED'],
  [
    'by an officer nobody confirmed',
    { facts: { requesterConfirmed: false } },
    'ERR_REQUEST_REQUESTER',
  ],
  [
    'for a recipient nobody confirmed',
    { facts: { recipientConfirmed: false } },
    'ERR_REQUEST_RECIPIENT',
  ],
  ['under an old pledge', { details: { pledgeVersion: 0 } }, 'ERR_REQUEST_PLEDGE'],
  [
    'with a play period beyond the policy',
    { details: { playPeriodDays: 91 } },
    'ERR_REQUEST_PLAY_PERIOD',
  ],
  ['with more plays than the policy', { details: { plays: 51 } }, 'ERR_REQUEST_PLAYS'],
  ['with unlimited plays where they are limited', { details: { plays: 0 } }, 'ERR_REQUEST_PLAYS'],
  [
    'that ends before it starts',
    withItem({ endsAt: '2026-11-20T09:00:00.000Z' }),
    'ERR_REQUEST_RANGE',
  ],
  ['of no length', withItem({ endsAt: item.startsAt }), 'ERR_REQUEST_RANGE'],
  ['for a time to come', withItem({ endsAt: '2026-11-21T11:00:00.000Z' }), 'ERR_REQUEST_RANGE'],
  [
    'on a day that does not exist',
    withItem({ startsAt: '2026-11-31T10:00:00.000Z' }),
    'ERR_REQUEST_RANGE',
  ],
  [
    'longer than an hour per camera',
    withItem({ endsAt: '2026-11-20T11:00:00.001Z' }),
    'ERR_REQUEST_RANGE_TOO_LONG',
  ],
  ['for an unknown camera', { facts: { cameras: new Map() } }, 'ERR_REQUEST_CAMERA_UNKNOWN'],
  [
    'for an excluded camera',
    withCamera({ exclusion: { kind: 'always' } }),
    'ERR_REQUEST_CAMERA_EXCLUDED',
  ],
  [
    'made before',
    { facts: { alreadyRequested: new Set([rangeKey(item)]) } },
    'ERR_REQUEST_DUPLICATE',
  ],
  ['that reuses an item id', { facts: { itemIdsUsedBefore: true } }, 'ERR_REQUEST_DUPLICATE'],
  [
    'that names one range twice',
    { details: { items: [item, { ...item, itemId: id('7') }] } },
    'ERR_REQUEST_DUPLICATE',
  ],
  [
    'for footage past its retention',
    withCamera({ retentionDays: 1 }),
    'ERR_REQUEST_RETENTION_PASSED',
  ],
];
for (const [title, changes, code] of REFUSALS) {
  t.test(`refuses a request ${title}`, async (t) => {
    t.throws(() => admit(changes), { constructor: SallyportError, code });
  });
}

t.test('refuses a missing document number unless it is an emergency', async (t) => {
  const { documentNumber: _, ...without } = details;
  const plain = () => admitRequest(request, without, facts, NOW);
  t.throws(plain, { code: 'ERR_REQUEST_DOCUMENT_NUMBER' });
  t.same(admitRequest(request, { ...without, kind: 'emergency' }, facts, NOW), [
    'document-number-missing-emergency',
  ]);
});

t.test(
  'admits up to exactly the maximum length, and flags more than the recommended one',
  async (t) => {
    t.same(admit(withItem({ endsAt: '2026-11-20T11:00:00.000Z' })), ['longer-than-recommended']);
    t.same(admit(withItem({ endsAt: '2026-11-20T10:10:00.000Z' })), []);
  },
);

t.test('shows the approver what deserves a second look', async (t) => {
  t.same(admit({ facts: { documentNumberUsedBefore: true } }), ['document-number-used-before']);
  t.same(admit({ details: { recipientOfficerId: id('8') } }), ['recipient-differs-from-requester']);
  t.same(admit({ details: { maskExemption: '용의자 식별' } }), ['mask-exemption-asked']);
  t.same(admit(withCamera({ retentionDays: 3 })), ['retention-ends-soon']);
});

t.test('lets a third party play longer', async (t) => {
  t.same(admit({ details: { thirdParty: true, playPeriodDays: 180 } }), []);
});
