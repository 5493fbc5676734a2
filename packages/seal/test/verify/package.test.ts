import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { isSallyportError } from '@sallyport/contracts';
import {
  createPackageVerifier,
  segmentRange,
  surveySegments,
  verifyApprovals,
  verifyHeader,
  verifyLeaves,
  verifyPackage,
  verifySegment,
} from '@sallyport/seal/verify';
import { VECTORS } from '../support/repository.ts';
import { NOW } from '../support/site.ts';
import { inChunks, site, trust } from '../support/seal.ts';

const file = new Uint8Array(readFileSync(join(VECTORS, 'clip.sallypkg')));
const options = { trust, now: NOW };
const whole = await verifyPackage([file], options);

t.test('any single flipped bit anywhere in a package is refused', async (t) => {
  const bit = fc.record({
    at: fc.integer({ min: 0, max: file.length - 1 }),
    bit: fc.integer({ min: 0, max: 7 }),
  });
  await fc.assert(
    fc.asyncProperty(bit, async ({ at, bit }) => {
      const copy = new Uint8Array(file);
      copy[at] = (copy[at] ?? 0) ^ (1 << bit);
      t.match(await codeOf(() => verifyPackage([copy], options)), /^ERR_/);
    }),
    { numRuns: 200 },
  );
});

t.test('any shortened package is refused, any longer one too', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), async (length) => {
      t.equal(
        await codeOf(() => verifyPackage([file.subarray(0, length)], options)),
        'ERR_SEAL_TRUNCATED',
      );
    }),
    { numRuns: 40 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), async (more) => {
      t.equal(await codeOf(() => verifyPackage([file, more], options)), 'ERR_SEAL_TRAILING');
    }),
    { numRuns: 10 },
  );
});

t.test('a verdict stands: after the first fault every call repeats it', async (t) => {
  const verifier = createPackageVerifier(options);
  await t.rejects(verifier.push(new TextEncoder().encode('NOTSALLYPKG..')), {
    code: 'ERR_SEAL_MAGIC',
  });
  await t.rejects(verifier.push(file), { code: 'ERR_SEAL_MAGIC' });
  await t.rejects(verifier.end(), { code: 'ERR_SEAL_MAGIC' });
});

t.test('progress counts segments, and the end names the first that did not come', async (t) => {
  const verifier = createPackageVerifier(options);
  t.strictSame(verifier.progress(), { view: null, segmentsSeen: 0 });
  await verifier.push(file.subarray(0, segmentRange(whole.layout, 3).start + 5));
  t.equal(verifier.progress().segmentsSeen, 3);
  t.equal(verifier.progress().view?.header.packageId, whole.header.packageId);
  await t.rejects(verifier.end(), {
    code: 'ERR_SEAL_TRUNCATED',
    detail: { firstMissing: 3, segmentCount: 6 },
  });
});

t.test('with the leaf table at hand a wrong segment is refused as it arrives', async (t) => {
  const copy = new Uint8Array(file);
  const { start, end } = segmentRange(whole.layout, 1);
  copy.fill(0, start, end);
  const verifier = createPackageVerifier({ ...options, leavesFor: async () => whole.leaves });
  await t.rejects(verifier.push(copy.subarray(0, end)), {
    code: 'ERR_SEAL_SEGMENT',
    detail: { segment: 1 },
  });
});

t.test('segments are verified alone, and a survey tells missing from altered', async (t) => {
  const view = await verifyHeader(whole.headerJws, options);
  const leaves = await verifyLeaves(view, file.subarray(view.layout.leafTableOffset));
  const at = (index: number) => {
    const { start, end } = segmentRange(view.layout, index);
    return file.subarray(start, end);
  };
  for (let index = 0; index < view.layout.segmentCount; index += 1)
    await verifySegment(view.layout, leaves, index, at(index));
  await t.rejects(verifySegment(view.layout, leaves, 1, at(2)), { code: 'ERR_SEAL_SEGMENT' });
  await t.rejects(verifySegment(view.layout, leaves, 1, at(1).subarray(1)), {
    code: 'ERR_SEAL_SEGMENT',
  });
  await t.rejects(verifySegment(view.layout, leaves, 6, at(1)), { code: 'ERR_SEAL_LAYOUT' });
  const survey = await surveySegments(view.layout, leaves, async (start, end) => {
    if (start === segmentRange(view.layout, 2).start) return null;
    return start === segmentRange(view.layout, 4).start
      ? new Uint8Array(end - start)
      : file.subarray(start, end);
  });
  t.strictSame(survey, { missing: [2], altered: [4] });
  await t.rejects(verifyLeaves(view, file.subarray(view.layout.leafTableOffset + 1)), {
    code: 'ERR_SEAL_TRUNCATED',
  });
});

t.test(
  'a gateway refuses another gateway’s package, and reports progress over a stream',
  async (t) => {
    const gatewayId = 'f'.repeat(32);
    await t.rejects(verifyPackage([file], { ...options, gatewayId }), {
      code: 'ERR_RECORD_AUDIENCE',
    });
    const seen: number[] = [];
    await verifyPackage(inChunks(file, 3000), {
      ...options,
      onProgress: ({ segmentsSeen }) => seen.push(segmentsSeen),
    });
    t.equal(seen.at(-1), 6);
  },
);

t.test(
  'approvals verify by themselves, as a gateway does: without scopes or persons',
  async (t) => {
    const { header } = whole;
    const { request, release } = await verifyApprovals(header.approvals, {
      ...options,
      facts: header,
    });
    t.not(request.signer.ownerId, release.signer.ownerId);
    const swapped = { request: header.approvals.release, release: header.approvals.request };
    await t.rejects(verifyApprovals(swapped, { ...options, facts: header }), {
      code: 'ERR_RECORD_HEADER',
    });
    const revoked = { ca: site.ca, revoked: new Set([release.signer.serial]) };
    await t.rejects(verifyHeader(whole.headerJws, { trust: revoked, now: NOW }), {
      code: 'ERR_CERTIFICATE_REVOKED',
    });
  },
);

async function codeOf(step: () => Promise<unknown>): Promise<string> {
  try {
    await step();
    return 'ok';
  } catch (error) {
    if (!isSallyportError(error)) throw error;
    return error.code;
  }
}
