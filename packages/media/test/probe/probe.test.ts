import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { networkIsolation, previewFrames, probe } from '@sallyport/media';
import t from 'tap';
import { ffmpeg, folder, H264, makeClip } from '../support/clips.ts';

t.test('reads mp4, mov, mkv and avi with each codec', async (t) => {
  const dir = folder(t);
  const source = ['-f', 'lavfi', '-i', 'testsrc=s=160x120:r=10:d=0.5'];
  const kinds = [
    ['a.mp4', H264, 'mov', 'h264'],
    ['b.mov', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'], 'mov', 'mjpeg'],
    [
      'c.mkv',
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'],
      'matroska',
      'hevc',
    ],
    ['d.avi', ['-c:v', 'mpeg4', '-vtag', 'XVID'], 'avi', 'mpeg4'],
  ] as const;
  for (const [name, codec, container, expected] of kinds) {
    const report = await probe(makeClip(join(dir, name), [...source, ...codec]));
    t.match(report, { container, codec: expected, width: 160, height: 120, averageRate: 10 }, name);
  }
});

t.test('refuses a file of zero bytes by that name', async (t) => {
  const file = join(folder(t), 'empty.mp4');
  writeFileSync(file, '');
  await t.rejects(probe(file), { name: 'SallyportError', code: 'ERR_MEDIA_EMPTY' });
});

t.test(
  'refuses files that only look like a video, and follows none of their addresses',
  async (t) => {
    const dir = folder(t);
    let calls = 0;
    const server = createServer((_request, answer) => {
      calls += 1;
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret.ts`;
    const secret = makeClip(join(dir, 'secret.mp4'), [...test('0.3'), ...H264]);
    const disguises = {
      'concat list': `ffconcat version 1.0\nfile '${secret}'\n`,
      'concat list without a head': `file '${secret}'\nfile '${address}'\n`,
      'hls playlist': `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${address}\n#EXT-X-ENDLIST\n`,
      'dash manifest': `<?xml version="1.0"?><MPD><BaseURL>${address}</BaseURL></MPD>`,
      'session description': `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n`,
      subtitle: `1\n00:00:00,000 --> 00:00:01,000\n${address}\n`,
      webvtt: `WEBVTT\n\n00:00.000 --> 00:01.000\n${address}\n`,
      link: address,
      picture: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(500)]),
      'heif picture': Buffer.concat([
        Buffer.from([0, 0, 0, 24]),
        Buffer.from('ftypheic'),
        Buffer.alloc(100),
      ]),
      noise: Buffer.alloc(5000, 'no video at all '),
    };
    for (const [name, content] of Object.entries(disguises)) {
      const file = join(dir, 'footage.mp4');
      writeFileSync(file, content);
      await t.rejects(probe(file), { name: 'SallyportError', code: 'ERR_MEDIA_NOT_VIDEO' }, name);
      await t.rejects(
        previewFrames(file, [0]),
        { code: 'ERR_MEDIA_NOT_VIDEO' },
        `${name}, as a picture`,
      );
    }
    t.equal(calls, 0, 'nothing called the server');
  },
);

t.test('a movie that points at another file shows nothing of it', async (t) => {
  const dir = folder(t);
  makeClip(join(dir, 'secret.mp4'), [...test('0.3'), ...H264]);
  const file = join(dir, 'pointer.mov');
  // moov first, then a playlist where the pictures should be: the container is forced, the text never read.
  writeFileSync(
    file,
    Buffer.concat([
      atom('wide', Buffer.alloc(0)),
      atom('mdat', Buffer.from(`#EXTM3U\n${join(dir, 'secret.mp4')}\n`)),
    ]),
  );
  await t.rejects(probe(file), { code: 'ERR_MEDIA_UNREADABLE' });
});

t.test('a name may hold anything a file system allows', async (t) => {
  const dir = join(folder(t), 'http:');
  mkdirSync(dir);
  for (const name of ['-i.mp4', 'concat:a|b.mp4', '한글 ‮gpj.mp4', '%03d.mp4', "it's.mp4"]) {
    const file = join(dir, name);
    ffmpeg([...test('0.2'), ...H264, '-f', 'mp4', '-y', `file:${file}`]);
    t.equal((await probe(file)).codec, 'h264', name);
  }
});

t.test('refuses a codec it does not decode and a picture beyond its limits', async (t) => {
  const dir = folder(t);
  const vp8 = makeClip(join(dir, 'a.mkv'), [...test('0.2'), '-c:v', 'libvpx']);
  await t.rejects(probe(vp8), { code: 'ERR_MEDIA_CODEC_UNSUPPORTED', detail: { codec: 'vp8' } });
  const sound = makeClip(join(dir, 'b.mp4'), ['-f', 'lavfi', '-i', 'sine=d=0.2']);
  await t.rejects(probe(sound), { code: 'ERR_MEDIA_NOT_VIDEO' });
  const huge = makeClip(join(dir, 'c.avi'), [
    ...['-f', 'lavfi', '-i', 'color=s=9000x64:r=1:d=1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
  ]);
  await t.rejects(probe(huge), { code: 'ERR_MEDIA_TOO_LARGE' });
});

t.test('a cancelled probe ends with its own code', async (t) => {
  const file = makeClip(join(folder(t), 'a.mp4'), [...test('0.2'), ...H264]);
  await t.rejects(probe(file, { signal: AbortSignal.abort() }), { code: 'ERR_MEDIA_CANCELLED' });
});

t.test('says whether the tools have a network', async (t) => {
  t.match(await networkIsolation(), /^(isolated|shared)$/);
});

function test(seconds: string): string[] {
  return ['-f', 'lavfi', '-i', `testsrc=s=160x120:r=10:d=${seconds}`];
}

function atom(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}
