import t from 'tap';
import { verifyRecord } from '@sallyport/contracts';
import { createClipReader } from '@sallyport/player/internal/clip-reader.js';
import { openContent } from '@sallyport/player/internal/content.js';
import type { PlayerEvent } from '@sallyport/player/internal/state.js';
import type { FromWorker, ToWorker } from '@sallyport/player/internal/worker-messages.js';
import { createOpener, type Opener } from '@sallyport/player/internal/opener.js';
import { LICENCE_SHARE, NOW, readVector, site, testDevice, testGateway } from './site.ts';

const PACKAGE_ID = 'ba'.repeat(16);
const file = readVector('clip.sallypkg');
const noWorker = () => {
  throw new TypeError('no workers here');
};

async function openWith(
  gateway: Awaited<ReturnType<typeof testGateway>>,
  change: Partial<Parameters<typeof openContent>[0]> = {},
) {
  const events: PlayerEvent[] = [];
  const content = await openContent({
    packageId: PACKAGE_ID,
    gateway,
    device: await testDevice(),
    ca: site.ca,
    clock: () => NOW,
    signal: new AbortController().signal,
    startWorker: noWorker,
    tell: (event) => events.push(event),
    ...change,
  });
  return { content, events };
}

t.test(
  'opens step by step, plays every byte, and says complete only after the rest was verified',
  async (t) => {
    const gateway = await testGateway(file, LICENCE_SHARE);
    const { content, events } = await openWith(gateway);
    t.strictSame(
      events.map(({ kind }) => kind),
      [
        'header-verified',
        'licence-opened',
        'decryption-chosen',
        'segment-verified',
        'manifest-read',
      ],
    );
    const { signal } = new AbortController();
    const reader = createClipReader(content, signal);
    const parts: Uint8Array[] = [];
    for (let part = await reader.next(); part !== null; part = await reader.next())
      parts.push(part);
    t.ok(
      Buffer.concat(parts).equals(
        Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * 7 + 3) % 256)),
      ),
    );
    t.ok(reader.atEnd());
    await content.verifyRest(signal);
    t.match(events.at(-1), { kind: 'segment-verified', verifiedSegments: 6 });
    t.strictSame([...new Set(gateway.asked)].sort(), [0, 1, 2, 3, 4, 5]);
    t.equal(gateway.asked.length, 6);
    const trust = { ca: site.ca, revoked: new Set<string>() };
    const { payload } = await verifyRecord(
      'playback-receipt',
      await content.receipt('opened', NOW),
      { trust, now: NOW, roles: ['device-sign'] },
    );
    t.match(payload, { event: 'opened', packageId: PACKAGE_ID });
  },
);

t.test('a segment that was altered never comes out', async (t) => {
  const gateway = await testGateway(file, LICENCE_SHARE);
  const { content } = await openWith({
    ...gateway,
    segment: async (id: string, index: number, signal: AbortSignal) => {
      const bytes = await gateway.segment(id, index, signal);
      if (index === 2) bytes[100] = (bytes[100] ?? 0) ^ 1;
      return bytes;
    },
  });
  const reader = createClipReader(content, new AbortController().signal);
  await reader.next();
  await t.rejects(reader.next(), { code: 'ERR_SEAL_SEGMENT', detail: { segment: 2 } });
});

t.test('no licence is spent on a package that does not verify or is over', async (t) => {
  const gateway = await testGateway(file, LICENCE_SHARE);
  const broken = { ...gateway, leaves: async () => new Uint8Array(192) };
  await t.rejects(openWith(broken), { code: 'ERR_SEAL_ROOT' });
  await t.rejects(openWith(gateway, { clock: () => new Date('2027-01-01T00:00:00Z') }), {
    code: 'ERR_SEAL_EXPIRED',
  });
  await t.rejects(openWith(gateway, { packageId: 'bb'.repeat(16) }), { code: 'ERR_SEAL_MANIFEST' });
  t.equal(gateway.licences, 0);
});

t.test('a wrong licence share opens nothing', async (t) => {
  const gateway = await testGateway(file, new Uint8Array(32));
  await t.rejects(openWith(gateway), { code: 'ERR_SEAL_COMMITMENT' });
});

t.test('decrypts in a worker where there is one, and carries its refusals', async (t) => {
  const gateway = await testGateway(file, LICENCE_SHARE);
  const worker = fakeWorker();
  const { content, events } = await openWith(gateway, { startWorker: () => worker });
  t.match(
    events.find(({ kind }) => kind === 'decryption-chosen'),
    { decryption: 'worker' },
  );
  t.equal((await content.read(1, new AbortController().signal)).length, 4096);
  content.close();
  t.ok(worker.terminated);
  const wrong = await testGateway(file, new Uint8Array(32));
  await t.rejects(openWith(wrong, { startWorker: fakeWorker }), { code: 'ERR_SEAL_COMMITMENT' });
});

t.test('a worker that cannot start falls back to the main thread and says so', async (t) => {
  const gateway = await testGateway(file, LICENCE_SHARE);
  const dead = {
    ...fakeWorker(),
    postMessage: () => {
      throw new DOMException('keys', 'DataCloneError');
    },
  };
  const { events } = await openWith(gateway, { startWorker: () => dead });
  t.match(
    events.find(({ kind }) => kind === 'decryption-chosen'),
    { decryption: 'main-thread' },
  );
});

/** Stands in for a browser worker: the same messages, copied, in this thread. */
function fakeWorker() {
  const listeners: ((event: MessageEvent<FromWorker>) => void)[] = [];
  let opener: Opener | null = null;
  const answer = async (message: ToWorker): Promise<FromWorker> => {
    const { id } = message;
    try {
      if (message.kind === 'set-up') {
        opener = await createOpener(message.setup);
        return { kind: 'ready', id };
      }
      if (opener === null) throw new TypeError('not set up');
      return { kind: 'opened', id, plain: await opener.open(message.index, message.sealed) };
    } catch (error) {
      const { code, detail } = error as Extract<FromWorker, { kind: 'failed' }>;
      return { kind: 'failed', id, code, detail };
    }
  };
  return {
    terminated: false,
    postMessage(message: ToWorker) {
      void answer(structuredClone(message)).then((data) => {
        for (const listener of listeners) listener({ data } as MessageEvent<FromWorker>);
      });
    },
    addEventListener(type: string, listener: (event: never) => void) {
      if (type === 'message') listeners.push(listener as (typeof listeners)[number]);
    },
    terminate() {
      this.terminated = true;
    },
  };
}
