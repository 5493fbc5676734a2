import { ramp } from '../support/site.ts';
import { assemble, sha256, type Forged } from './forge.ts';
import type { Part, Vector } from './format.ts';
import { changed, DEVICE, now, verify, whole, type Bases, type Cases } from './case-kit.ts';

export function accepted({ clip, aria, still }: Bases): Cases {
  const opens = (forged: Forged, file: string, comment: string, clipBytes: Uint8Array): Vector => ({
    comment,
    expect: 'ok',
    step: 'open',
    now,
    open: { device: DEVICE, licenceShare: forged.licenceShare, clipSha256: sha256(clipBytes) },
    package: [{ from: file, start: 0, end: forged.file.length }],
  });
  return {
    'accept-clip': opens(
      clip,
      'clip.sallypkg',
      'A clip under AES-256-GCM, six segments, two devices.',
      ramp(9000, 3),
    ),
    'accept-aria': opens(aria, 'aria.sallypkg', 'The same under ARIA-256-GCM.', ramp(9000, 3)),
    'accept-still': opens(still, 'still.sallypkg', 'A still image.', ramp(500, 9)),
    'accept-expired-verifies': {
      ...verify(
        'An expired package is still intact: expiry stops opening, not checking.',
        'ok',
        whole(clip),
      ),
      now: '2027-01-01T00:00:00.000Z',
    },
    'accept-own-gateway': {
      ...verify('Addressed to the gateway that checks it.', 'ok', whole(clip)),
      gatewayId: clip.header.gatewayId,
    },
  };
}

export function cutAndPasted({ clip, other, earlier }: Bases): Cases {
  const { file, segments, leaves, headerJws } = clip;
  const body =
    file.length - leaves.length - segments.reduce((sum, segment) => sum + segment.length, 0);
  const ends = segments.map(
    (_, i) => body + segments.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0),
  );
  const end = (segment: number) => ends[segment] ?? 0;
  const cut = (at: number): readonly Part[] => [{ from: 'clip.sallypkg', start: 0, end: at }];
  const other1 = [
    ...segments.slice(0, 2),
    other.segments[2] ?? new Uint8Array(),
    ...segments.slice(3),
  ];
  const earlier1 = [
    ...segments.slice(0, 2),
    earlier.segments[2] ?? new Uint8Array(),
    ...segments.slice(3),
  ];
  const swapped: readonly Part[] = [
    { from: 'clip.sallypkg', start: 0, end: end(0) },
    { from: 'clip.sallypkg', start: end(1), end: end(2) },
    { from: 'clip.sallypkg', start: end(0), end: end(1) },
    { from: 'clip.sallypkg', start: end(2), end: file.length },
  ];
  return {
    'truncated-empty': verify('Zero bytes.', 'ERR_SEAL_TRUNCATED', []),
    'truncated-in-prefix': verify('Ends inside the first 13 bytes.', 'ERR_SEAL_TRUNCATED', cut(9)),
    'truncated-in-header': verify('Ends inside the header.', 'ERR_SEAL_TRUNCATED', cut(body - 1)),
    'truncated-at-segment-boundary': verify(
      'Ends after two whole segments.',
      'ERR_SEAL_TRUNCATED',
      cut(end(1)),
    ),
    'truncated-inside-tag': verify(
      'Ends inside the tag of the third segment.',
      'ERR_SEAL_TRUNCATED',
      cut(end(2) - 7),
    ),
    'truncated-in-leaf-table': verify(
      'The last leaf is gone.',
      'ERR_SEAL_TRUNCATED',
      cut(file.length - 32),
    ),
    'truncated-no-leaf-table': verify(
      'Every segment, no leaf table.',
      'ERR_SEAL_TRUNCATED',
      cut(end(5)),
    ),
    'last-segment-dropped': verify(
      'The last segment is cut out, the leaf table is there.',
      'ERR_SEAL_TRUNCATED',
      [
        { from: 'clip.sallypkg', start: 0, end: end(4) },
        { from: 'clip.sallypkg', start: end(5), end: file.length },
      ],
    ),
    'appended-byte': verify('One byte after the end.', 'ERR_SEAL_TRAILING', [
      ...whole(clip),
      { base64: 'AA==' },
    ]),
    'appended-package': verify('A second package after the end.', 'ERR_SEAL_TRAILING', [
      ...whole(clip),
      ...whole(clip),
    ]),
    'segment-duplicated': verify(
      'The second segment stands twice; all after it shifts.',
      'ERR_SEAL_ROOT',
      [
        { from: 'clip.sallypkg', start: 0, end: end(1) },
        { from: 'clip.sallypkg', start: end(0), end: file.length },
      ],
    ),
    'segments-swapped': verify('Two full segments change places.', 'ERR_SEAL_SEGMENT', swapped),
    'segment-of-other-package': verify(
      'Segment 2 comes from another package, same index.',
      'ERR_SEAL_SEGMENT',
      [...changed(clip, assemble(headerJws, other1, leaves))],
    ),
    'segment-of-earlier-seal': verify(
      'Segment 2 comes from an earlier seal of the same footage.',
      'ERR_SEAL_SEGMENT',
      [...changed(clip, assemble(headerJws, earlier1, leaves))],
    ),
    'header-of-earlier-seal': verify(
      'An earlier seal’s header over this seal’s segments.',
      'ERR_SEAL_ROOT',
      [...changed(earlier, assemble(earlier.headerJws, segments, leaves), 'earlier.sallypkg')],
    ),
    equivocation: {
      comment: 'A package whose id is known with another root: both are signed; raise the alarm.',
      expect: 'ERR_SEAL_EQUIVOCATION',
      step: 'compare',
      now,
      known: { packageId: clip.header.packageId, root: earlier.header.root },
      package: whole(clip),
    },
  };
}

export function flipped({ clip }: Bases): Cases {
  const { file, leaves, headerJws } = clip;
  const header = 13;
  const signature = header + headerJws.lastIndexOf('.') + 10;
  const flip = (at: number, mask = 1) => {
    const copy = new Uint8Array(file);
    copy[at] = (copy[at] ?? 0) ^ mask;
    return changed(clip, copy);
  };
  const prefix = (change: (bytes: Uint8Array) => void) => {
    const copy = new Uint8Array(file);
    change(copy);
    return changed(clip, copy);
  };
  return {
    'flip-magic': verify('One bit of the magic.', 'ERR_SEAL_MAGIC', flip(3)),
    'version-0': verify(
      'A version before the first.',
      'ERR_SEAL_VERSION',
      prefix((bytes) => bytes.set([0], 8)),
    ),
    'version-2': verify(
      'A version of tomorrow.',
      'ERR_SEAL_VERSION',
      prefix((bytes) => bytes.set([2], 8)),
    ),
    'header-length-0': verify(
      'A header of no bytes.',
      'ERR_SEAL_HEADER_LENGTH',
      prefix((bytes) => bytes.set([0, 0, 0, 0], 9)),
    ),
    'header-length-huge': verify(
      'A header of 4 GiB.',
      'ERR_SEAL_HEADER_LENGTH',
      prefix((bytes) => bytes.set([255, 255, 255, 255], 9)),
    ),
    'header-length-one-more': verify(
      'The header takes the first byte of the segments with it.',
      'ERR_RECORD_ENCODING',
      flip(12),
    ),
    'flip-header-signature': verify(
      'One bit of the signature.',
      'ERR_RECORD_SIGNATURE',
      flip(signature, 2),
    ),
    'flip-segment': verify(
      'One bit of a ciphertext.',
      'ERR_SEAL_SEGMENT',
      flip(file.length - leaves.length - 600),
    ),
    'flip-tag': verify(
      'One bit of the last tag.',
      'ERR_SEAL_SEGMENT',
      flip(file.length - leaves.length - 1),
    ),
    'flip-leaf': verify('One bit of the leaf table.', 'ERR_SEAL_ROOT', flip(file.length - 5)),
  };
}
