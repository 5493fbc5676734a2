import { canonicalize, type PackageHeader } from '@sallyport/contracts';
import { encodePrefix } from '@sallyport/seal/internal/format.js';
import { id, ramp } from '../support/site.ts';
import { OTHER_PACKAGE_ID, type Departure, type Forge } from './forge.ts';
import { departure, verify, whole, type Bases, type Cases } from './case-kit.ts';

export async function lying(forge: Forge, { clip }: Bases): Promise<Cases> {
  const lie = (
    name: string,
    comment: string,
    expect: string,
    change: (header: PackageHeader) => unknown,
  ) => departure(forge, clip, { name, lie: change }, comment, expect);
  const entry = (header: PackageHeader, index: number, change: Record<string, unknown>) => ({
    ...header,
    entries: header.entries.map((each, i) => (i === index ? { ...each, ...change } : each)),
  });
  return Object.fromEntries([
    await lie(
      'size-lie',
      'The clip claims one byte more than its segments hold.',
      'ERR_SEAL_TRUNCATED',
      (header) => entry(header, 1, { sizeBytes: 9001 }),
    ),
    await lie(
      'count-lie',
      'The clip claims a segment more than its size needs.',
      'ERR_SEAL_LAYOUT',
      (header) => entry(header, 1, { segmentCount: 4 }),
    ),
    await lie('empty-entry', 'An entry of no bytes.', 'ERR_SEAL_LAYOUT', (header) =>
      entry(header, 3, { sizeBytes: 0, segmentCount: 0 }),
    ),
    await lie('entry-order', 'The manifest does not come first.', 'ERR_SEAL_LAYOUT', (header) => ({
      ...header,
      entries: [...header.entries.slice(1), ...header.entries.slice(0, 1)],
    })),
    await lie(
      'entry-twice',
      'The custody list stands twice, the report not at all.',
      'ERR_SEAL_LAYOUT',
      (header) => entry(header, 2, { id: 'custody.json' }),
    ),
    await lie('entry-media-type', 'A clip that says it is an image.', 'ERR_SEAL_LAYOUT', (header) =>
      entry(header, 1, { mediaType: 'image/jpeg' }),
    ),
    await lie('entry-evil-name', 'An entry named like a path.', 'ERR_RECORD_INVALID', (header) =>
      entry(header, 1, { id: '../../clip.mp4' }),
    ),
    await lie(
      'size-beyond-2-53',
      'A size that a JSON number cannot carry exactly.',
      'ERR_CANONICAL_VALUE',
      (header) => canonicalize(header).replace('"sizeBytes":9000', '"sizeBytes":9007199254740993'),
    ),
    await lie(
      'too-many-segments',
      'Sizes that need more segments than any package may have.',
      'ERR_SEAL_LAYOUT',
      (header) => entry(header, 1, { sizeBytes: 4096 * 5_000_000, segmentCount: 5_000_000 }),
    ),
    await lie('suite-unknown', 'A suite nobody knows.', 'ERR_SEAL_SUITE', (header) => ({
      ...header,
      suite: 3,
    })),
    await lie(
      'expires-before-created',
      'It expires before it was made.',
      'ERR_SEAL_LAYOUT',
      (header) => ({
        ...header,
        expiresAt: header.createdAt,
      }),
    ),
    await lie(
      'unknown-member',
      'A member the format does not have.',
      'ERR_RECORD_INVALID',
      (header) => ({ ...header, note: 'x' }),
    ),
    await lie(
      'other-root',
      'A root that is not the one of these segments.',
      'ERR_SEAL_ROOT',
      (header) => ({ ...header, root: '5a'.repeat(32) }),
    ),
  ]);
}

export async function badlySigned(forge: Forge, { clip }: Bases): Promise<Cases> {
  const by = (name: string, signer: string, comment: string, expect: string) =>
    departure(forge, clip, { name, signer }, comment, expect);
  return {
    ...Object.fromEntries([
      await by(
        'signer-unknown',
        'stranger-seal',
        'Signed under another authority.',
        'ERR_CERTIFICATE_UNKNOWN',
      ),
      await by(
        'signer-expired',
        'seal-expired',
        'Signed with a certificate that has run out.',
        'ERR_CERTIFICATE_EXPIRED',
      ),
      await by(
        'signer-revoked',
        'seal-revoked',
        'Signed with a revoked certificate.',
        'ERR_CERTIFICATE_REVOKED',
      ),
      await by(
        'signer-role',
        'lane',
        'Signed by the lane’s key, which seals nothing.',
        'ERR_CERTIFICATE_ROLE',
      ),
    ]),
    'other-gateway': {
      ...verify('Addressed to another gateway.', 'ERR_RECORD_AUDIENCE', whole(clip)),
      gatewayId: id('6b'),
    },
  };
}

export async function badlyApproved(forge: Forge, { clip }: Bases): Promise<Cases> {
  const sealed = (name: string, shape: Omit<Departure, 'name'>, comment: string, expect: string) =>
    departure(forge, clip, { ...shape, name }, comment, expect);
  return Object.fromEntries([
    await sealed(
      'approver-twice',
      { approvers: ['approver-1', 'approver-1'] },
      'One approver gave both approvals.',
      'ERR_SEAL_APPROVAL_PERSON',
    ),
    await sealed(
      'approver-two-accounts',
      { approvers: ['approver-1', 'approver-1-again'] },
      'Two accounts and keys of one person.',
      'ERR_SEAL_APPROVAL_PERSON',
    ),
    await sealed(
      'approver-role',
      { approvers: ['approver-1', 'seal'] },
      'The sealing key approves.',
      'ERR_CERTIFICATE_ROLE',
    ),
    await sealed(
      'approval-of-other-request',
      { requestApproval: { requestId: id('1f') } },
      'The first approval is of another request.',
      'ERR_SEAL_APPROVAL_SCOPE',
    ),
    await sealed(
      'approval-of-other-export',
      { releaseApproval: { exportId: id('e9') } },
      'The second approval is of another export.',
      'ERR_SEAL_APPROVAL_SCOPE',
    ),
    await sealed(
      'approval-expired',
      { releaseApproval: { expiresAt: '2026-11-20T12:00:00.000Z' } },
      'The second approval had run out when the package was sealed.',
      'ERR_SEAL_APPROVAL_EXPIRED',
    ),
  ]);
}

export async function badRecipients(forge: Forge, { clip }: Bases): Promise<Cases> {
  const { packageId } = clip.header;
  const share = ramp(32, 101);
  const bound = await forge.recipient('device-1', packageId, share, OTHER_PACKAGE_ID);
  const short = await forge.recipient('device-1', packageId, ramp(31, 101));
  const many = await Promise.all(
    Array.from({ length: 9 }, () => forge.recipient('device-1', packageId, share)),
  );
  const lie = (
    name: string,
    recipients: PackageHeader['recipients'],
    comment: string,
    expect: string,
  ) =>
    departure(forge, clip, { name, lie: (header) => ({ ...header, recipients }) }, comment, expect);
  const duplicate = clip.header.recipients.slice(0, 1);
  return {
    ...Object.fromEntries([
      await lie(
        'wrap-other-package',
        [bound],
        'A share wrapped for another package.',
        'ERR_RECORD_HEADER',
      ),
      await lie('wrap-wrong-length', [short], 'A share of 31 bytes.', 'ERR_SEAL_RECIPIENTS'),
      await lie(
        'wrap-duplicated',
        [...duplicate, ...duplicate],
        'One device twice.',
        'ERR_SEAL_RECIPIENTS',
      ),
      await lie('wrap-none', [], 'No device at all.', 'ERR_RECORD_INVALID'),
      await lie('wrap-nine', many, 'Nine devices; eight are allowed.', 'ERR_RECORD_INVALID'),
    ]),
    'wrap-ten-thousand': verify(
      'Room for 10,000 devices: refused by its length, unread.',
      'ERR_SEAL_HEADER_LENGTH',
      [
        { base64: Buffer.from(encodePrefix(5_600_000)).toString('base64') },
        { from: 'clip.sallypkg', start: 13, end: 4096 },
      ],
    ),
  };
}
