import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import {
  signApproval,
  type ConsoleExport,
  type ConsoleFootage,
  type ConsoleRequest,
  type ConsoleTracks,
  type MaskTarget,
  type ReleaseApprovalDraft,
  type RequestApprovalDraft,
  type RequestState,
} from '@sallyport/contracts';
import type { ApiClient } from '../people/api-client.ts';
import type { Approver } from '../people/staff.ts';
import { waitFor } from '../people/wait-for.ts';

/** Waits for a request inside, and fails at once with the code when it was refused at admission. */
export async function waitAdmitted(client: ApiClient, requestId: string): Promise<ConsoleRequest> {
  return waitFor('the request inside', async () => {
    const request = await client.get<ConsoleRequest>(`/v1/requests/${requestId}`).catch(() => null);
    if (request?.failure != null) throw new Error(`refused at admission: ${request.failure}`);
    return request?.state === 'under-review' ? request : null;
  });
}

/** The first approval: reads the draft, signs exactly what it shows, posts it. */
export async function approveRequest(approver: Approver, requestId: string): Promise<void> {
  const draft = await approver.client.get<RequestApprovalDraft>(
    `/v1/requests/${requestId}/approval-draft`,
  );
  const jws = await signApproval(
    draft,
    { privateKey: approver.key.privateKey, certificate: approver.certificate },
    new Date(),
  );
  await approver.client.send('POST', `/v1/requests/${requestId}/approvals`, { jws });
}

/** The second approval, by another person. */
export async function approveRelease(approver: Approver, exportId: string): Promise<void> {
  const draft = await approver.client.get<ReleaseApprovalDraft>(
    `/v1/exports/${exportId}/release-draft`,
  );
  const jws = await signApproval(
    draft,
    { privateKey: approver.key.privateKey, certificate: approver.certificate },
    new Date(),
  );
  await approver.client.send('POST', `/v1/exports/${exportId}/approvals`, { jws });
}

/** Uploads a file as the footage of a camera; `startsAt` is the recording's first moment, UTC. */
export async function uploadFootage(
  client: ApiClient,
  cameraId: string,
  file: string,
  startsAt: string,
): Promise<ConsoleFootage> {
  return client.upload<ConsoleFootage>(
    '/v1/footage',
    { cameraId, startsAt, name: basename(file) },
    { name: basename(file), content: await openAsBlob(file) },
  );
}

/** The operator says which footage serves an export, and what to look for in it. */
export async function chooseFootage(
  client: ApiClient,
  exportId: string,
  footageId: string,
  targets: readonly MaskTarget[],
): Promise<void> {
  await client.send('POST', `/v1/exports/${exportId}/footage`, { footageId, targets });
}

/**
 * Waits until an export has reached `state`.
 *
 * @throws Error with the code of the failed step
 */
export async function waitExport(
  client: ApiClient,
  exportId: string,
  states: readonly RequestState[],
  timeoutMs = 600_000,
): Promise<ConsoleExport> {
  return waitFor(
    `the export in state ${states.join(' or ')}`,
    async () => {
      const found = await client.get<ConsoleExport>(`/v1/exports/${exportId}`);
      if (found.progress === 'failed')
        throw new Error(`the step ${found.state} failed: ${found.failure ?? 'no code'}`);
      return states.includes(found.state) ? found : null;
    },
    { timeoutMs },
  );
}

/** Adds a region that is always masked, over the whole clip; fractions of the picture's size. */
export async function addRegion(
  client: ApiClient,
  exportId: string,
  area: { x: number; y: number; width: number; height: number },
  reason: string,
): Promise<void> {
  const tracks = await client.get<ConsoleTracks>(`/v1/exports/${exportId}/tracks`);
  const { width, height, durationMs } = tracks.plan;
  const box = {
    x: Math.round(area.x * width),
    y: Math.round(area.y * height),
    width: Math.round(area.width * width),
    height: Math.round(area.height * height),
  };
  const edit = {
    kind: 'add',
    trackKind: 'region',
    reason,
    fromMs: 0,
    toMs: durationMs,
    keyframes: [{ atMs: 0, ...box, origin: 'seen' }],
  };
  await client.send(
    'PUT',
    `/v1/exports/${exportId}/mask-plan`,
    { edits: [edit] },
    { 'if-match': `"${tracks.version}"` },
  );
}

/** The operator looked at the newest plan and says so. */
export async function reviewMasks(client: ApiClient, exportId: string): Promise<ConsoleTracks> {
  const tracks = await client.get<ConsoleTracks>(`/v1/exports/${exportId}/tracks`);
  await client.send('POST', `/v1/exports/${exportId}/review`, { version: tracks.version });
  return tracks;
}
