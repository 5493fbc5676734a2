import { stat } from 'node:fs/promises';
import type { ConsoleExport, PortalRequest } from '@sallyport/contracts';
import { enrolDevice, playPackage, type EnrolledDevice, type Played } from '../people/device.ts';
import { randomId, submitRequest } from '../people/officer.ts';
import { waitFor } from '../people/wait-for.ts';
import type { Pair } from '../pair/open-pair.ts';
import { enlistOfficer, hireStaff, registerPlaces, type Requester, type Staff } from './cast.ts';
import {
  addRegion,
  approveRelease,
  approveRequest,
  chooseFootage,
  reviewMasks,
  uploadFootage,
  waitAdmitted,
  waitExport,
} from './export-steps.ts';
import type { Hops } from './hops.ts';

/** The clip to carry and how long the request's range is. */
export interface StoryClip {
  readonly file: string;
  readonly durationMs: number;
}

/** Everybody and everything there is after the story: for the printed accounts, and for tests that go on. */
export interface StoryEnd {
  readonly staff: Staff;
  readonly requester: Requester;
  readonly device: EnrolledDevice;
  readonly cameraId: string;
  readonly requestId: string;
  readonly exportId: string;
  readonly packageId: string;
  readonly played: Played;
}

/**
 * The whole path, hop by hop, by people who use the public APIs. Reads as the list of steps of the
 * design; every step's time and size goes into `hops`.
 */
export async function tellStory(
  pair: Pair,
  hops: Hops,
  clip: StoryClip,
  options: { hasFaceModel: boolean; plays?: number },
): Promise<StoryEnd> {
  const { hasFaceModel, plays = 50 } = options;
  await hops.run('zones set up, trust exchanged', 'by hand', async () => {
    await pair.initialise({ siteName: '한빛시 CCTV통합관제센터', by: 'N-0001', witness: 'N-0002' });
    return { value: null, note: 'fingerprints compared by two named people' };
  });
  await hops.run('both services ready', 'link', async () => {
    await pair.start();
    return { value: null, note: 'two processes, two PostgreSQL servers, two spool folders' };
  });
  const staff = await hops.run('accounts, approvers’ keys certified', 'internal', async () => ({
    value: await hireStaff(pair),
  }));
  const { station, camera } = await hops.run(
    'station and camera registered',
    'internal',
    async () => ({ value: await registerPlaces(staff) }),
  );
  const requester = await hops.run('officer signed up and confirmed', 'dmz', async () => ({
    value: await enlistOfficer(pair, staff, station.name),
  }));
  const device = await hops.run('device enrolled, fingerprint compared', 'station', async () => {
    const enrolled = await enrolDevice(requester, staff.operator.client, '형사과 1번 PC');
    return { value: enrolled, note: enrolled.fingerprint };
  });

  const endsAt = new Date(Math.floor(Date.now() / 1000) * 1000 - 3_600_000);
  const startsAt = new Date(endsAt.getTime() - clip.durationMs);
  const targets = hasFaceModel ? (['face', 'motion'] as const) : (['motion'] as const);
  const submitted = await hops.run('request signed and submitted', 'station', async () => {
    const request = await submitRequest(
      requester.client,
      { officerId: requester.officerId, device },
      {
        kind: 'export',
        caseNumber: '2026-형사-00123',
        caseName: '절도 사건',
        incidentAt: startsAt.toISOString(),
        incidentAddress: '한빛시 새터길 7-1',
        legalBasis: 'pipa-18-2-7-investigation',
        reasonCode: 'theft',
        reasonDetail: '용의자의 이동 경로를 확인하기 위함',
        documentNumber: `형사과-${String(Date.now()).slice(-8)}`,
        items: [
          {
            itemId: randomId(),
            cameraId: camera.cameraId,
            startsAt: startsAt.toISOString(),
            endsAt: endsAt.toISOString(),
          },
        ],
        maskTargets: [...targets],
        recipientOfficerId: requester.officerId,
        playPeriodDays: 90,
        plays,
        thirdParty: false,
        pledgeVersion: 1,
      },
      new Date(),
    );
    return { value: request };
  });
  const admitted = await hops.run('request verified and admitted', 'internal', async () => {
    const request = await waitAdmitted(staff.operator.client, submitted.requestId);
    return { value: request, note: request.receiptNumber };
  });
  await hops.run('request approved', 'internal', async () => {
    await approveRequest(staff.requestApprover, admitted.requestId);
    return { value: null, note: 'first person' };
  });
  const exportId = await waitFor('the export', async () => {
    const request = await staff.operator.client.get<{ exports: readonly { exportId: string }[] }>(
      `/v1/requests/${admitted.requestId}`,
    );
    return request.exports[0]?.exportId ?? null;
  });
  const operator = staff.operator.client;
  const footage = await hops.run('footage taken in, hashed, encrypted', 'internal', async () => {
    const { size } = await stat(clip.file);
    const taken = await uploadFootage(operator, camera.cameraId, clip.file, startsAt.toISOString());
    return { value: taken, bytes: size, note: `sha256 ${taken.sha256.slice(0, 16)}…` };
  });
  await hops.run('figures found and tracked', 'internal', async () => {
    await chooseFootage(operator, exportId, footage.footageId, targets);
    await waitExport(operator, exportId, ['mask-review']);
    return { value: null, note: targets.join(', ') };
  });
  await hops.run('masks reviewed', 'internal', async () => {
    if (!hasFaceModel) {
      await addRegion(
        operator,
        exportId,
        { x: 0, y: 0, width: 1, height: 0.08 },
        '얼굴 모델이 없어 고정 영역을 함께 가림',
      );
    }
    const { plan } = await reviewMasks(operator, exportId);
    const said = hasFaceModel ? '' : '; no face model: motion and a fixed region are masked';
    return {
      value: null,
      note: `${plan.tracks.length} tracks, ${plan.doubts.length} doubts${said}`,
    };
  });
  await hops.run('masked, encoded, checked', 'internal', async () => {
    const rendered = await waitExport(operator, exportId, ['release-approval']);
    return {
      value: null,
      ...(rendered.clipSizeBytes === null ? {} : { bytes: rendered.clipSizeBytes }),
      note: `watermark: ${rendered.watermark.kind} (${rendered.watermark.reason})`,
    };
  });
  await hops.run('release approved', 'internal', async () => {
    await approveRelease(staff.releaseApprover, exportId);
    return { value: null, note: 'second person' };
  });
  const sealed = await hops.run('sealed, signed, put on the lane', 'internal', async () => {
    const done = await waitPackage(operator, exportId);
    return {
      value: done,
      ...(done.sizeBytes === null ? {} : { bytes: done.sizeBytes }),
      note: 'sent is not received',
    };
  });
  await hops.run('received, verified, admitted', 'dmz', async () => {
    const request = await waitFor('the package in the portal', async () => {
      const seen = await requester.client.get<PortalRequest>(`/v1/requests/${admitted.requestId}`);
      const transfer = seen.exports[0]?.package?.transfer;
      if (transfer?.state === 'quarantined')
        throw new Error(`quarantined: ${transfer.failure ?? 'no code'}`);
      return transfer?.state === 'available' && seen.exports[0]?.package?.licence.state === 'active'
        ? seen
        : null;
    });
    return { value: request, note: `${request.exports[0]?.package?.segmentCount ?? 0} segments` };
  });
  const played = await hops.run('licence, download, decrypt, play', 'station', async () => {
    const played = await playPackage(requester, device, sealed.packageId);
    return { value: played, bytes: played.sizeBytes, note: played.contentType };
  });
  await hops.run('receipts and ledgers agree', 'by hand', async () => {
    const note = await compareLedgers(staff, exportId);
    return { value: null, note };
  });
  return {
    staff,
    requester,
    device,
    cameraId: camera.cameraId,
    requestId: admitted.requestId,
    exportId,
    packageId: sealed.packageId,
    played,
  };
}

/** The newest package of an export once it has gone onto the lane. */
async function waitPackage(
  operator: Requester['client'],
  exportId: string,
): Promise<ConsoleExport['packages'][number]> {
  return waitFor('the package on the lane', async () => {
    const found = await operator.get<ConsoleExport>(`/v1/exports/${exportId}`);
    if (found.progress === 'failed')
      throw new Error(`the step ${found.state} failed: ${found.failure ?? 'no code'}`);
    return found.packages.find(({ sentAt }) => sentAt !== null) ?? null;
  });
}

/** The inside knows the gateway's receipt, the player's, and a proven head of the gateway's ledger. */
async function compareLedgers(staff: Staff, exportId: string): Promise<string> {
  const row = await waitFor('the receipts inside', async () => {
    const { rows } = await staff.auditor.client.get<{
      rows: readonly { exportId: string; receivedAt: string | null; openedCount: number }[];
    }>('/v1/transfer-log');
    return (
      rows.find(
        (entry) =>
          entry.exportId === exportId && entry.receivedAt !== null && entry.openedCount > 0,
      ) ?? null
    );
  });
  const peer = await waitFor('a proven checkpoint of the other zone', async () => {
    const heads = await staff.auditor.client.get<{
      peer: { verdict: string; treeSize: number } | null;
    }>('/v1/ledger/checkpoint');
    if (heads.peer?.verdict === 'forked') throw new Error('the other zone’s ledger has forked');
    return heads.peer?.verdict === 'verified' ? heads.peer : null;
  });
  return `opened ${row.openedCount}×; DMZ ledger proven at ${peer.treeSize} entries`;
}
