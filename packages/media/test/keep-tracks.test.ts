import { regionTrack } from '@sallyport/media';
import { keepTracks } from '@sallyport/media/internal/keep-tracks.js';
import t from 'tap';

const box = { x: 0, y: 0, width: 9, height: 9 };
const tracks = ['aaaaaa11', 'aaaaaa22', 'bbbbbb33'].map((start) =>
  regionTrack(box, { durationMs: 1000, reason: 'x', trackId: start.padEnd(32, '0') }),
);
const keep = (...trackIds: string[]) => keepTracks(tracks, { trackIds, reason: 'a witness' });

t.test('whom the export is about stays to be seen, with the reason; all others are masked', (t) => {
  t.same(
    keep('bbbbbb', 'aaaaaa1').map(({ decision, reason }) => [decision, reason]),
    [
      ['show', 'a witness'],
      ['mask', 'x'],
      ['show', 'a witness'],
    ],
  );
  t.end();
});

t.test('an id that is nobody, or could be two, or is too short to be sure, is refused', (t) => {
  for (const [wanted, fault] of [
    ['cccccc', 'no such track'],
    ['aaaaaa', 'may be more than one track'],
    ['bbb', 'may be more than one track'],
  ] as const)
    t.throws(() => keep(wanted), {
      code: 'ERR_MEDIA_PLAN_INVALID',
      detail: { path: wanted, fault },
    });
  t.end();
});
