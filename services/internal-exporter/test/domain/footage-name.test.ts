import {
  parseDisplayName,
  readWatchedName,
} from '@sallyport/internal-exporter/domain/footage-name.js';
import t from 'tap';

t.test('keeps a name a person would type, in NFC', (t) => {
  t.equal(parseDisplayName(' 정문 카메라 1.mp4 '), '정문 카메라 1.mp4');
  t.equal(parseDisplayName('정문'.normalize('NFD')), '정문');
  t.end();
});

t.test('refuses names that could be paths, hide or turn text, or run on', (t) => {
  const bad = [
    '',
    ' ',
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    'a\0b',
    'a\nb',
    'a\u202eb',
    'a\u2066b',
    'a\u200bb',
    '\ud800',
    'x'.repeat(300),
  ];
  for (const name of bad)
    t.throws(
      () => parseDisplayName(name),
      { code: 'ERR_FOOTAGE_NAME_INVALID' },
      JSON.stringify(name),
    );
  t.end();
});

t.test('reads camera and time from a watched name, and only from the one spelling', (t) => {
  const camera = 'c'.repeat(32);
  t.same(readWatchedName(`${camera}_20261121T010203Z.mp4`), {
    cameraId: camera,
    startsAt: new Date('2026-11-21T01:02:03.000Z'),
  });
  for (const name of [
    `${camera}_20260231T010203Z.mp4`,
    `${camera}_20261121T010203.mp4`,
    `${camera.toUpperCase()}_20261121T010203Z.mp4`,
    `../${camera}_20261121T010203Z.mp4`,
    `${camera}_20261121T010203Z`,
  ]) {
    t.equal(readWatchedName(name), null, name);
  }
  t.end();
});
