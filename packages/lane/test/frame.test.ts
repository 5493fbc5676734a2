import { randomBytes } from 'node:crypto';
import { SallyportError } from '@sallyport/contracts';
import { MAX_BODY_BYTES, frameFileName, makeFrame, openFrame } from '@sallyport/lane';
import fc from 'fast-check';
import t from 'tap';
import { NOW, fields, makeSite, randomId } from './support/lane-site.ts';

const site = await makeSite();
const opening = { lane: 'export', trust: site.trust, now: NOW } as const;

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return 'accepted';
  } catch (cause) {
    return cause instanceof SallyportError ? cause.code : `other: ${String(cause)}`;
  }
}

await t.test('every body comes back as it went in', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 4096 }),
      fc.integer({ min: 1, max: 1e12 }),
      async (body, seq) => {
        const frame = await openFrame(
          (await makeFrame(fields(seq), body, site.lane)).bytes,
          opening,
        );
        return (
          Buffer.from(frame.body).equals(body) &&
          frame.header.seq === seq &&
          frame.signer.role === 'lane'
        );
      },
    ),
    { numRuns: 25 },
  );
  const full = randomBytes(MAX_BODY_BYTES);
  const transfer = {
    packageId: randomId(),
    partIndex: 0,
    partCount: 1,
    totalSizeBytes: full.length,
  };
  const frame = await makeFrame(fields(1, { bodyKind: 'package-part', transfer }), full, site.lane);
  t.same((await openFrame(frame.bytes, opening)).header.transfer, transfer);
});

await t.test(
  'every cut of a frame is told as truncated, and every byte changed is refused',
  async (t) => {
    const { bytes } = await makeFrame(fields(3), Buffer.from('the body'), site.lane);
    for (let length = 0; length < bytes.length; length += 1) {
      const step = length < 14 || length > bytes.length - 12 ? 1 : 97;
      if (length % step !== 0) continue;
      t.equal(
        await codeOf(openFrame(bytes.subarray(0, length), opening)),
        'ERR_LANE_FRAME_TRUNCATED',
        String(length),
      );
    }
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const altered = Uint8Array.from(bytes);
          altered[at] = (altered[at] ?? 0) ^ change;
          return /^ERR_(LANE|RECORD|CERTIFICATE|KEY)_/.test(
            await codeOf(openFrame(altered, opening)),
          );
        },
      ),
      { numRuns: 150 },
    );
  },
);

await t.test('names the fault of a damaged frame', async (t) => {
  const { bytes } = await makeFrame(fields(4), Buffer.from('the body'), site.lane);
  const last = Uint8Array.from(bytes);
  last[last.length - 1] = 0;
  t.equal(await codeOf(openFrame(last, opening)), 'ERR_LANE_FRAME_DIGEST');
  t.equal(
    await codeOf(openFrame(Buffer.concat([bytes, Buffer.from('x')]), opening)),
    'ERR_LANE_FRAME_HEADER',
  );
  t.equal(
    await codeOf(openFrame(Buffer.from('%PDF-1.7 not ours'), opening)),
    'ERR_LANE_FRAME_FOREIGN',
  );
  const lying = Uint8Array.from(bytes);
  new DataView(lying.buffer).setUint32(8, 0x7fff_ffff);
  t.equal(await codeOf(openFrame(lying, opening)), 'ERR_LANE_FRAME_HEADER');
  t.equal(
    await codeOf(openFrame(new Uint8Array(MAX_BODY_BYTES + 10_000), opening)),
    'ERR_LANE_FRAME_TOO_LARGE',
  );
});

await t.test(
  'refuses a frame of the other lane, of another role, of another site and of a revoked key',
  async (t) => {
    const { bytes } = await makeFrame(fields(5), Buffer.from('x'), site.lane);
    t.equal(
      await codeOf(openFrame(bytes, { ...opening, lane: 'request' })),
      'ERR_CERTIFICATE_ROLE',
    );
    const reflected = await makeFrame(fields(5, { lane: 'request' }), Buffer.from('x'), site.lane);
    t.equal(await codeOf(openFrame(reflected.bytes, opening)), 'ERR_LANE_FRAME_HEADER');
    const forged = await makeFrame(fields(5), Buffer.from('x'), site.gateway);
    t.equal(await codeOf(openFrame(forged.bytes, opening)), 'ERR_CERTIFICATE_ROLE');
    const foreign = await makeFrame(fields(5), Buffer.from('x'), (await makeSite()).lane);
    t.equal(await codeOf(openFrame(foreign.bytes, opening)), 'ERR_CERTIFICATE_UNKNOWN');
    const { signer } = await openFrame(bytes, opening);
    const trust = { ...site.trust, revoked: new Set([signer.serial]) };
    t.equal(await codeOf(openFrame(bytes, { ...opening, trust })), 'ERR_CERTIFICATE_REVOKED');
  },
);

await t.test('will not make a frame that could not be opened', async (t) => {
  const make = async (...args: Parameters<typeof makeFrame>) => codeOf(makeFrame(...args));
  t.equal(
    await make(fields(1), new Uint8Array(MAX_BODY_BYTES + 1), site.lane),
    'ERR_LANE_FRAME_TOO_LARGE',
  );
  t.equal(await make(fields(0), new Uint8Array(1), site.lane), 'ERR_LANE_FRAME_HEADER');
  t.equal(
    await make(fields(1, { bodyKind: 'leaf-table' }), new Uint8Array(1), site.lane),
    'ERR_LANE_FRAME_HEADER',
  );
  const transfer = { packageId: randomId(), partIndex: 0, partCount: 1, totalSizeBytes: 1 };
  t.equal(
    await make(fields(1, { transfer }), new Uint8Array(1), site.lane),
    'ERR_LANE_FRAME_HEADER',
  );
  t.equal(frameFileName({ epoch: 2, seq: 17 }), '2-000000000017.frame');
});
