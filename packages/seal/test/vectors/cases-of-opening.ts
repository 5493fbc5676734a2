import { id, ramp } from '../support/site.ts';
import { OTHER_PACKAGE_ID, type Departure, type Forge } from './forge.ts';
import type { Part, Vector } from './format.ts';
import { changed, DEVICE, now, whole, type Bases, type Cases } from './case-kit.ts';

export async function notOpening(forge: Forge, bases: Bases): Promise<Cases> {
  const { clip, aria, other } = bases;
  const open = (
    comment: string,
    expect: string,
    parts: readonly Part[],
    change: Partial<Vector> = {},
  ): Vector => ({
    comment,
    expect,
    step: 'open',
    now,
    open: { device: DEVICE, licenceShare: clip.licenceShare },
    package: parts,
    ...change,
  });
  const sealed = async (name: string, shape: Omit<Departure, 'name'>) =>
    changed(clip, (await forge.seal({ ...shape, name })).file);
  return {
    'expired-at-open': open('Opened after its period.', 'ERR_SEAL_EXPIRED', whole(clip), {
      now: '2026-12-05T10:00:00.000Z',
    }),
    'clock-set-back': open(
      'Opened an hour before it was made.',
      'ERR_SEAL_NOT_YET_VALID',
      whole(clip),
      {
        now: '2026-11-21T09:00:00.000Z',
      },
    ),
    'not-a-recipient': open(
      'Opened on another officer’s device.',
      'ERR_SEAL_NOT_RECIPIENT',
      whole(clip),
      {
        open: { device: 'other-agree', licenceShare: clip.licenceShare },
      },
    ),
    'licence-of-other-package': open(
      'The licence share of another package.',
      'ERR_SEAL_COMMITMENT',
      whole(clip),
      {
        open: { device: DEVICE, licenceShare: other.licenceShare },
      },
    ),
    'shares-swapped': open(
      'The recipient share stands where the licence share belongs.',
      'ERR_SEAL_COMMITMENT',
      whole(clip),
      {
        open: { device: DEVICE, licenceShare: Buffer.from(ramp(32, 101)).toString('hex') },
      },
    ),
    'share-short': open('A licence share of 31 bytes.', 'ERR_SEAL_COMMITMENT', whole(clip), {
      open: { device: DEVICE, licenceShare: clip.licenceShare.slice(2) },
    }),
    'two-keys': open(
      'The ciphertext is another key’s; the commitment says so first.',
      'ERR_SEAL_COMMITMENT',
      [
        ...(await sealed('two keys', {
          lie: (header) => ({ ...header, keyCommitment: other.header.keyCommitment }),
        })),
      ],
    ),
    'suite-downgrade': open(
      'ARIA content under a header that says AES.',
      'ERR_SEAL_COMMITMENT',
      [
        ...changed(
          aria,
          (
            await forge.seal({
              name: 'downgrade',
              suite: 2,
              packageId: id('bc'),
              lie: (header) => ({ ...header, suite: 1 }),
            })
          ).file,
          'aria.sallypkg',
        ),
      ],
      { open: { device: DEVICE, licenceShare: aria.licenceShare } },
    ),
    'expiry-prolonged': open(
      'Re-signed with a later expiry: the key was bound to the first.',
      'ERR_SEAL_COMMITMENT',
      [
        ...(await sealed('prolonged', {
          lie: (header) => ({ ...header, expiresAt: '2028-01-01T00:00:00.000Z' }),
        })),
      ],
    ),
    'final-flag-cleared': open(
      'The last segment of the clip was sealed as if more followed.',
      'ERR_SEAL_DECRYPT',
      [
        ...(await sealed('final flag cleared', {
          place: (place) => (place.index === 3 ? { ...place, final: false } : place),
        })),
      ],
    ),
    'final-flag-set': open(
      'An inner segment of the clip was sealed as its last.',
      'ERR_SEAL_DECRYPT',
      [
        ...(await sealed('final flag set', {
          place: (place) => (place.index === 1 ? { ...place, final: true } : place),
        })),
      ],
    ),
    'segment-of-other-entry': open('A segment sealed for another entry.', 'ERR_SEAL_DECRYPT', [
      ...(await sealed('other entry', {
        place: (place) =>
          place.index === 4 ? { ...place, entry: { ...place.entry, index: 3 } } : place,
      })),
    ]),
    'index-restarts': open('Nonces that restart with each entry.', 'ERR_SEAL_DECRYPT', [
      ...(await sealed('restart', {
        nonceIndex: ({ index, entry }) => index - entry.firstSegment,
      })),
    ]),
    'manifest-evil-name': open(
      'A camera name that turns the writing direction.',
      'ERR_SEAL_MANIFEST',
      [...(await sealed('evil name', { manifest: { cameraName: 'cam\u202egpj.exe' } }))],
    ),
    'manifest-of-other-package': open(
      'A manifest that names another package.',
      'ERR_SEAL_MANIFEST',
      [...(await sealed('other manifest', { manifest: { packageId: OTHER_PACKAGE_ID } }))],
    ),
    'scope-digest': open(
      'The approval signed the digest of another scope.',
      'ERR_SEAL_APPROVAL_SCOPE',
      [...(await sealed('scope digest', { requestApproval: { scopeSha256: 'ee'.repeat(32) } }))],
    ),
  };
}
