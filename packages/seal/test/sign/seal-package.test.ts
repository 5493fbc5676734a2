import { readdir, readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import t from 'tap';
import { sealPackage, type SealedPackage, type SealOptions } from '@sallyport/seal/sign';
import {
  openContentKey,
  openEntry,
  readCustody,
  readManifest,
  verifyPackage,
} from '@sallyport/seal/open';
import { actorOf, deviceOf, NOW, ramp } from '../support/site.ts';
import {
  fileChunks,
  OFFICER,
  scratch,
  sealOptions,
  segmentReader,
  site,
  SUITES,
  trust,
} from '../support/seal.ts';

t.test(
  'what was sealed opens again, for any size of clip, segment, chunk and either suite',
  async (t) => {
    const folder = await scratch(t);
    let attempt = 0;
    const shape = fc.record({
      clipBytes: fc.oneof(
        fc.integer({ min: 1, max: 20_000 }),
        fc.constantFrom(4095, 4096, 4097, 8192),
      ),
      segmentSizeBytes: fc.constantFrom(4096, 5000, 262_144),
      chunk: fc.integer({ min: 1, max: 9000 }),
      suite: fc.constantFrom(1 as const, 2 as const),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ clipBytes, segmentSizeBytes, chunk, suite }) => {
        attempt += 1;
        const clip = ramp(clipBytes, attempt);
        const options = await sealOptions(folder, {
          clip,
          packageId: attempt.toString(16).padStart(32, '0'),
        });
        const sealed = await sealPackage({
          ...options,
          facts: { ...options.facts, segmentSizeBytes, suite },
        });
        const out = await openAll(sealed, options, chunk);
        t.ok(out.clip.equals(clip));
        t.strictSame(out.manifest, options.manifest);
        t.strictSame(out.custody, options.custody);
      }),
      { numRuns: 25 },
    );
  },
);

t.test(
  'the package gets its name last: commit sees it whole, and nothing is left of a failure',
  async (t) => {
    const folder = await scratch(t);
    const options = await sealOptions(folder);
    const seen: string[][] = [];
    const sealed = await sealPackage({
      ...options,
      commit: async ({ view, path }) => {
        seen.push(await readdir(folder));
        await verifyPackage(await fileChunks(`${path}.part`, 4096), { trust, now: NOW });
        t.match(view.header.root, /^[0-9a-f]{64}$/);
      },
    });
    t.strictSame(
      seen.map((names) => names.map((name) => name.endsWith('.part'))),
      [[true]],
    );
    t.equal((await readFile(sealed.path)).length, sealed.sizeBytes);

    const again = {
      ...(await sealOptions(folder, { packageId: '7'.repeat(32) })),
      commit: () => Promise.reject(new Error('database')),
    };
    await t.rejects(sealPackage(again), { message: 'database' });
    t.equal((await readdir(folder)).length, 1);
  },
);

t.test('an abandoned .part of a killed attempt is written over', async (t) => {
  const options = await sealOptions(await scratch(t));
  await writeFile(`${options.path}.part`, new Uint8Array(100_000));
  const sealed = await sealPackage(options);
  t.equal((await readFile(sealed.path)).length, sealed.sizeBytes);
});

t.test('a package of that name is never replaced', async (t) => {
  const options = await sealOptions(await scratch(t));
  await sealPackage(options);
  await t.rejects(sealPackage(options), { code: 'ERR_SEAL_TARGET_EXISTS' });
});

t.test('refuses a clip or report other than the approved one, and leaves no file', async (t) => {
  const folder = await scratch(t);
  const options = await sealOptions(folder);
  const bytes = (value: Uint8Array) => ({ sizeBytes: value.length, open: () => chunksOf(value) });
  const other: Partial<SealOptions>[] = [
    { clip: { id: 'clip.mp4', ...bytes(ramp(9000, 4)) } },
    { report: bytes(new TextEncoder().encode('{"masked":[1]}')) },
  ];
  for (const change of other) {
    await t.rejects(sealPackage({ ...options, ...change }), { code: 'ERR_SEAL_DIGEST_MISMATCH' });
  }
  t.strictSame(await readdir(folder), []);
});

t.test('refuses an entry that is shorter or longer than announced', async (t) => {
  const options = await sealOptions(await scratch(t));
  for (const sizeBytes of [8999, 9001, 1, 20_000]) {
    const clip = { ...options.clip, sizeBytes };
    await t.rejects(sealPackage({ ...options, clip }), { code: 'ERR_SEAL_ENTRY_SIZE' });
  }
  await t.rejects(sealPackage({ ...options, clip: { ...options.clip, sizeBytes: 0 } }), {
    code: 'ERR_SEAL_LAYOUT',
  });
});

t.test('refuses when the approvals do not carry this export', async (t) => {
  const folder = await scratch(t);
  const [first, second] = ['approver-1', 'approver-2'].map((name) => actorOf(site, name).ownerId);
  const options = await sealOptions(folder);
  const people = (requesters: unknown[], preparers: unknown[]) =>
    ({ ...options, people: { requesters, preparers } }) as SealOptions;
  const refusals: [string, SealOptions, string][] = [
    ['requester approves', people([first], []), 'ERR_SEAL_APPROVAL_PERSON'],
    ['requester releases', people([second], []), 'ERR_SEAL_APPROVAL_PERSON'],
    ['preparer approves', people([], [first]), 'ERR_SEAL_APPROVAL_PERSON'],
    ['preparer releases', people([], [second]), 'ERR_SEAL_APPROVAL_PERSON'],
    [
      'one person twice',
      await sealOptions(folder, { approvers: ['approver-2', 'approver-2'] }),
      'ERR_SEAL_APPROVAL_PERSON',
    ],
    [
      'expired',
      await sealOptions(folder, { requestApproval: { expiresAt: NOW.toISOString() } }),
      'ERR_SEAL_APPROVAL_EXPIRED',
    ],
    [
      'from tomorrow',
      await sealOptions(folder, { releaseApproval: { at: '2026-11-22T00:00:00.000Z' } }),
      'ERR_SEAL_APPROVAL_EXPIRED',
    ],
    [
      'other scope',
      await sealOptions(folder, { releaseApproval: { scopeSha256: '00'.repeat(32) } }),
      'ERR_SEAL_APPROVAL_SCOPE',
    ],
    [
      'other site',
      await sealOptions(folder, { releaseApproval: { siteId: '0'.repeat(32) } }),
      'ERR_SEAL_APPROVAL_SCOPE',
    ],
    [
      'released before approved',
      await sealOptions(folder, { releaseApproval: { at: '2026-11-19T00:00:00.000Z' } }),
      'ERR_SEAL_APPROVAL_SCOPE',
    ],
  ];
  for (const [title, refused, code] of refusals) {
    await t.rejects(sealPackage(refused), { code }, title);
  }
  t.strictSame(await readdir(folder), []);
});

t.test('a scope edited after the approval no longer seals', async (t) => {
  const options = await sealOptions(await scratch(t));
  const { requestScope, releaseScope } = options.manifest;
  const longer = { ...requestScope, scope: { ...requestScope.scope, playPeriodDays: 365 } };
  const otherItem = { ...releaseScope, scope: { ...releaseScope.scope, itemId: 'e'.repeat(32) } };
  for (const change of [{ requestScope: longer }, { releaseScope: otherItem }]) {
    const manifest = { ...options.manifest, ...change };
    await t.rejects(sealPackage({ ...options, manifest }), { code: 'ERR_SEAL_APPROVAL_SCOPE' });
  }
});

t.test(
  'a two-person site lets the preparer give the first approval, never the second',
  async (t) => {
    const folder = await scratch(t);
    const options = await sealOptions(folder, { manifest: { approvalPolicy: 'two-person-site' } });
    const { ownerId: first } = actorOf(site, 'approver-1');
    const { ownerId: second } = actorOf(site, 'approver-2');
    await t.rejects(sealPackage({ ...options, people: { requesters: [], preparers: [second] } }), {
      code: 'ERR_SEAL_APPROVAL_PERSON',
    });
    await sealPackage({ ...options, people: { requesters: [], preparers: [first] } });
  },
);

t.test('refuses a manifest that speaks of something else than the package', async (t) => {
  const options = await sealOptions(await scratch(t));
  const changes = [
    { packageId: 'f'.repeat(32) },
    { exportId: 'f'.repeat(32) },
    { createdAt: '2026-11-21T10:00:00.001Z' },
    { clip: { ...options.manifest.clip, entry: 'still.jpg' as const } },
    { cameraName: 'a\u202eb' },
  ];
  for (const change of changes) {
    const manifest = { ...options.manifest, ...change };
    await t.rejects(sealPackage({ ...options, manifest }), { code: 'ERR_SEAL_MANIFEST' });
  }
});

t.test('seals only to devices of the recipient, with certificates for it', async (t) => {
  const options = await sealOptions(await scratch(t));
  const certificates = (sign: string, agree: string) => [
    {
      signCertificate: actorOf(site, sign).certificate,
      agreeCertificate: actorOf(site, agree).certificate,
    },
  ];
  const own = certificates('device-1-sign', 'device-1-agree');
  const refusals: [SealOptions['recipients'], string][] = [
    [certificates('other-sign', 'other-agree'), 'ERR_SEAL_RECIPIENTS'],
    [certificates('device-1-sign', 'device-2-agree'), 'ERR_SEAL_RECIPIENTS'],
    [certificates('device-1-sign', 'device-1-sign'), 'ERR_CERTIFICATE_ROLE'],
    [[...own, ...own], 'ERR_SEAL_RECIPIENTS'],
    [[], 'ERR_RECORD_INVALID'],
  ];
  for (const [recipients, code] of refusals)
    await t.rejects(sealPackage({ ...options, recipients }), { code });
  t.equal(
    (await sealPackage({ ...options, recipients: own })).view.header.recipientOfficerId,
    OFFICER,
  );
});

t.test('shares and suites that cannot work are refused before anything is written', async (t) => {
  const folder = await scratch(t);
  const options = await sealOptions(folder);
  const random = { ...options.random, licenceShare: ramp(31) };
  await t.rejects(sealPackage({ ...options, random }), { code: 'ERR_SEAL_COMMITMENT' });
  const aria: SealOptions = {
    ...options,
    facts: { ...options.facts, suite: 2 },
    suites: SUITES.slice(0, 1),
  };
  await t.rejects(sealPackage(aria), { code: 'ERR_SEAL_SUITE_UNAVAILABLE' });
  t.strictSame(await readdir(folder), []);
});

t.test('an abort stops the seal and leaves nothing', async (t) => {
  const folder = await scratch(t);
  const options = await sealOptions(folder);
  await t.rejects(sealPackage({ ...options, signal: AbortSignal.abort(new Error('stopped')) }), {
    message: 'stopped',
  });
  t.strictSame(await readdir(folder), []);
});

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function openAll({ path }: SealedPackage, { random }: SealOptions, chunk: number) {
  const verified = await verifyPackage(await fileChunks(path, chunk), { trust, now: NOW });
  const opened = await openContentKey(verified, {
    device: await deviceOf(site, 'device-2-agree'),
    licenceShare: random.licenceShare,
    now: NOW,
    suites: SUITES,
  });
  const read = segmentReader(path, verified.layout);
  const parts: Uint8Array[] = [];
  for await (const part of openEntry(opened, verified.leaves, 'clip.mp4', read)) parts.push(part);
  return {
    clip: Buffer.concat(parts),
    manifest: await readManifest(opened, verified.leaves, read),
    custody: await readCustody(opened, verified.leaves, read),
  };
}
