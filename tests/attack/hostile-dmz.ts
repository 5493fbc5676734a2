import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'tap';
import { signRecord, type ConsoleRequest } from '@sallyport/contracts';
import { frameFileName, makeFrame } from '@sallyport/lane';
import { readKeyFile } from '@sallyport/runtime';
import { ApiRefusal, randomId, waitFor } from '@sallyport/testkit';
import { signRequest, withForeignCertificate } from '../e2e/refused-requests.ts';
import { eventsInside, type Scene } from '../fault/lane-scene.ts';
import { detailsFor, hoursAgo } from '../support/world.ts';

/**
 * Whoever holds the whole DMZ, its keys and their passphrase included, writes what they like on the
 * request lane (I3): the inside takes nothing that a device of the right officer did not sign.
 */
export async function sendsWhatItLikes(t: Test, scene: Scene): Promise<void> {
  const { end, pair } = scene;
  const { requester, device } = end;
  const details = detailsFor({ end, clip: { file: '', durationMs: 2000 } }, hoursAgo(60));
  const sign = (by: typeof device, changes: Parameters<typeof signRequest>[3]) =>
    signRequest(requester, by, details, changes).then(({ jws }) => jws);
  const now = Date.now();
  const ids = { stranger: randomId(), other: randomId(), late: randomId(), elsewhere: randomId() };
  const strange = await withForeignCertificate(device, requester.officerId);
  const receipt = {
    packageId: end.packageId,
    verdict: 'admitted',
    root: '0'.repeat(64),
    sizeBytes: 1,
    segmentCount: 1,
    at: new Date(now).toISOString(),
  } as const;
  const approval = {
    approvalId: randomId(),
    siteId: randomId(),
    requestId: end.requestId,
    scopeSha256: '0'.repeat(64),
    at: new Date(now).toISOString(),
    expiresAt: new Date(now + 86_400_000).toISOString(),
  };
  const forged = [
    await sign(strange, { requestId: ids.stranger }),
    await sign(device, { requestId: ids.other, officerId: randomId() }),
    await sign(device, { requestId: end.requestId }),
    await signRecord('transfer-receipt', receipt, device.signer),
    await signRecord('request-approval', approval, device.signer),
    randomBytes(300).toString('latin1'),
  ];
  const misused = [
    await sign(device, {
      requestId: ids.late,
      at: new Date(now - 3 * 86_400_000).toISOString(),
      expiresAt: new Date(now - 86_400_000).toISOString(),
    }),
    await sign(device, { requestId: ids.elsewhere, siteId: randomId() }),
  ];
  await pair.services.gateway?.stop();
  await sendAll(scene, [...forged, ...misused]);
  const expected = [
    ['ERR_CERTIFICATE_UNKNOWN', 'a request under a key that the internal CA never saw'],
    ['ERR_REQUEST_REQUESTER', 'a request in the name of another officer'],
    ['ERR_RECORD_STALE', 'another request under a known id'],
    ['ERR_CERTIFICATE_ROLE', 'a gateway’s receipt signed by a device'],
    ['ERR_RECORD_HEADER', 'an approval that comes over the lane'],
    ['ERR_LANE_FRAME_HEADER', 'noise in a well-signed frame'],
  ] as const;
  for (const [code, what] of expected)
    await waitFor(`the refusal ${code} of ${what}`, async () => {
      const events = (await eventsInside(end)).filter(({ kind }) => kind === 'lane.refused');
      return events.some((event) => 'failure' in event && event.failure === code) ? true : null;
    }).then(
      () => t.pass(`${what} is refused (${code}), and the ledger has an entry of it`),
      (error: unknown) => t.fail(`${what} is refused (${code})`, { reason: String(error) }),
    );

  for (const [id, code, what] of [
    [ids.late, 'ERR_RECORD_EXPIRED', 'kept back until it ran out'],
    [ids.elsewhere, 'ERR_RECORD_AUDIENCE', 'meant for another site'],
  ] as const) {
    const found = await waitFor(`the refusal of the request ${what}`, () => findRequest(scene, id));
    t.match(found, { state: 'rejected', failure: code }, `a request ${what} is refused (${code})`);
  }
  for (const id of [ids.stranger, ids.other])
    t.equal(await findRequest(scene, id), null, 'a forged request never appears in the console');
  const known = await findRequest(scene, end.requestId);
  t.not(known?.state, 'under-review', 'the request whose id was taken stands as it was');
}

async function findRequest({ end }: Scene, requestId: string): Promise<ConsoleRequest | null> {
  return end.staff.operator.client
    .get<ConsoleRequest>(`/v1/requests/${requestId}`)
    .catch((error: unknown) => {
      if (error instanceof ApiRefusal && error.code === 'ERR_REQUEST_UNKNOWN') return null;
      throw error;
    });
}

/** Puts texts on the request lane under the gateway's own key, after the last number it used. */
async function sendAll(scene: Scene, texts: readonly string[]): Promise<void> {
  const { requestLane, directory } = scene;
  const frames = await requestLane.frames();
  const last = frames.reduce((a, b) => (b.header.seq > a.header.seq ? b : a));
  const dmz = join(directory, 'dmz');
  const passphrase = (await readFile(join(dmz, 'passphrase'), 'utf8')).trim();
  const {
    crv = '',
    kty = '',
    x = '',
    y = '',
    d = '',
  } = await readKeyFile(join(dmz, 'keys', 'gateway.key'), passphrase);
  const privateKey = await crypto.subtle.importKey(
    'jwk',
    { crv, kty, x, y, d },
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  );
  for (const [index, text] of texts.entries()) {
    const sent = index + 1;
    const { senderId, epoch, seq } = last.header;
    const fields = {
      lane: 'request',
      senderId,
      epoch,
      seq: seq + sent,
      bodyKind: 'record',
    } as const;
    const frame = await makeFrame(
      { ...fields, at: new Date().toISOString() },
      Buffer.from(text, 'latin1'),
      { privateKey, certificate: last.certificate },
    );
    const file = join(directory, `hostile-${sent}.frame`);
    await writeFile(file, frame.bytes);
    await requestLane.put(frameFileName(frame), file);
  }
}
