import {
  sha256Hex,
  signRecord,
  type PackageCustody,
  type PackageManifest,
  type ReleaseApproval,
  type RequestApproval,
  type SaltedReleaseScope,
  type SaltedRequestScope,
} from '@sallyport/contracts';
import { scopeDigest } from '@sallyport/seal/verify';
import { actorOf, id, NOW, ramp, signerOf, type Site } from './site.ts';

/** Everything one export needs before it is sealed. */
export interface ExportFixture {
  readonly clip: Uint8Array<ArrayBuffer>;
  readonly report: Uint8Array<ArrayBuffer>;
  readonly manifest: PackageManifest;
  readonly custody: PackageCustody;
  readonly approvals: { readonly request: string; readonly release: string };
}

export interface ExportShape {
  readonly packageId?: string;
  readonly exportId?: string;
  readonly clip?: Uint8Array<ArrayBuffer>;
  readonly clipId?: 'clip.mp4' | 'still.jpg';
  readonly approvers?: readonly [string, string];
  readonly requestApproval?: Partial<RequestApproval>;
  readonly releaseApproval?: Partial<ReleaseApproval>;
  readonly manifest?: Partial<PackageManifest>;
  /** Signs one approval; the vector generator keeps what it signed once. */
  readonly sign?: (
    kind: 'request-approval' | 'release-approval',
    payload: RequestApproval | ReleaseApproval,
    signer: string,
  ) => Promise<string>;
}

export const REQUEST_ID = id('1e');
export const EXPORT_ID = id('e1');
export const PACKAGE_ID = id('ba');
export const ITEM_ID = id('17');
const EXPIRES = '2026-12-01T00:00:00.000Z';

/** Builds one export of the site, approved by two persons, with every digest in place. */
export async function makeExport(site: Site, shape: ExportShape = {}): Promise<ExportFixture> {
  const clip = shape.clip ?? ramp(9000, 3);
  const report = new TextEncoder().encode('{"masked":[]}');
  const officer = actorOf(site, 'device-1-sign').ownerId;
  const sign =
    shape.sign ??
    (async (kind, payload, signer) =>
      signRecord(kind, payload as never, await signerOf(site, signer)));
  const [first, second] = shape.approvers ?? ['approver-1', 'approver-2'];
  const requestScope = requestScopeOf(officer);
  const common = {
    siteId: site.siteId,
    requestId: REQUEST_ID,
    at: '2026-11-20T09:00:00.000Z',
    expiresAt: EXPIRES,
  };
  const request = await sign(
    'request-approval',
    {
      ...common,
      approvalId: id('a8'),
      scopeSha256: await scopeDigest(requestScope),
      ...shape.requestApproval,
    },
    first,
  );
  const exportId = shape.exportId ?? EXPORT_ID;
  const releaseScope = await releaseScopeOf({ exportId, request, clip, report });
  const release = await sign(
    'release-approval',
    {
      ...common,
      approvalId: id('a9'),
      exportId,
      scopeSha256: await scopeDigest(releaseScope),
      ...shape.releaseApproval,
    },
    second,
  );
  const manifest = { ...manifestOf(shape, requestScope, releaseScope), ...shape.manifest };
  const custody = { steps: [{ step: 'footage.imported', actorId: id('c0'), at: common.at }] };
  return { clip, report, manifest, custody, approvals: { request, release } };
}

function requestScopeOf(recipientOfficerId: string): SaltedRequestScope {
  const scope = {
    requestId: REQUEST_ID,
    requestSha256: 'ab'.repeat(32),
    items: [
      {
        itemId: ITEM_ID,
        cameraId: id('ca'),
        startsAt: '2026-11-18T22:10:00.000Z',
        endsAt: '2026-11-18T22:15:00.000Z',
      },
    ],
    recipientOfficerId,
    reasonCode: 'theft' as const,
    legalBasis: 'pipa-18-2-7-investigation' as const,
    playPeriodDays: 14,
    plays: 0,
    thirdParty: false,
  };
  return { salt: id('54'), scope };
}

async function releaseScopeOf(parts: {
  exportId: string;
  request: string;
  clip: Uint8Array<ArrayBuffer>;
  report: Uint8Array<ArrayBuffer>;
}): Promise<SaltedReleaseScope> {
  const scope = {
    requestId: REQUEST_ID,
    exportId: parts.exportId,
    itemId: ITEM_ID,
    requestApprovalSha256: await sha256Hex(new TextEncoder().encode(parts.request)),
    footageSha256: 'f0'.repeat(32),
    maskPlanVersion: 2,
    maskPlanSha256: 'cd'.repeat(32),
    clipSha256: await sha256Hex(parts.clip),
    reportSha256: await sha256Hex(parts.report),
  };
  return { salt: id('55'), scope };
}

function manifestOf(
  shape: ExportShape,
  requestScope: SaltedRequestScope,
  releaseScope: SaltedReleaseScope,
): PackageManifest {
  return {
    packageId: shape.packageId ?? PACKAGE_ID,
    exportId: releaseScope.scope.exportId,
    requestId: REQUEST_ID,
    receiptNumber: '2026-000123',
    siteName: '시험 통합관제센터',
    cameraName: '시청 앞 사거리 1번',
    startsAt: '2026-11-18T22:10:00.000Z',
    endsAt: '2026-11-18T22:15:00.000Z',
    caseNumber: '2026-형제-1234',
    recipientName: '홍길동',
    requestScope,
    releaseScope,
    clip: {
      entry: shape.clipId ?? 'clip.mp4',
      sha256: releaseScope.scope.clipSha256,
      contentType: 'video/mp4; codecs="avc1.64001f"',
      width: 1920,
      height: 1080,
      durationMs: 300_000,
      frameCount: 9000,
    },
    masking: { style: 'mosaic', targets: ['face'], trackCount: 3 },
    watermark: { kind: 'none', reason: 'not built' },
    approvalPolicy: 'three-person',
    createdAt: NOW.toISOString(),
  };
}
