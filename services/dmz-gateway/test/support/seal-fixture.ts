import { randomBytes } from 'node:crypto';
import {
  sha256Hex,
  signRecord,
  type AgreementKey,
  type PackageManifest,
} from '@sallyport/contracts';
import { sealPackage, signLicenceGrant } from '@sallyport/seal/sign';
import { scopeDigest } from '@sallyport/seal/verify';
import { newId, type InternalZone } from './internal-zone.ts';

export interface FixtureOptions {
  readonly folder: string;
  readonly gatewayId: string;
  readonly officerId: string;
  readonly device: { readonly signCertificate: string; readonly agreeCertificate: string };
  readonly now: Date;
  readonly packageId?: string;
  readonly exportId?: string;
  readonly requestId?: string;
  readonly supersedes?: string;
  readonly expiresAt?: Date;
  readonly clip?: Uint8Array<ArrayBuffer>;
  /** A JPEG in place of a clip, with its size in pixels. */
  readonly still?: {
    readonly jpeg: Uint8Array<ArrayBuffer>;
    readonly width: number;
    readonly height: number;
  };
}

/** A real sealed package with two approvals, and the share of it that goes to the gateway. */
export async function makePackage(zone: InternalZone, options: FixtureOptions) {
  const { now, officerId, gatewayId } = options;
  const [packageId, exportId] = [options.packageId ?? newId(), options.exportId ?? newId()];
  const requestId = options.requestId ?? newId();
  const { still } = options;
  const clip = still?.jpeg ?? options.clip ?? new Uint8Array(randomBytes(300_000));
  const report = new TextEncoder().encode('{"masked":[]}');
  const expiresAt = (options.expiresAt ?? new Date(now.getTime() + 24 * 3600_000)).toISOString();
  const at = new Date(now.getTime() - 1000).toISOString();
  const itemId = newId();
  const common = {
    siteId: zone.siteId,
    requestId,
    at,
    expiresAt: new Date(now.getTime() + 3600_000).toISOString(),
  };
  const startsAt = '2026-11-18T22:10:00.000Z';
  const endsAt = '2026-11-18T22:15:00.000Z';
  const requestScope = {
    salt: newId(),
    scope: {
      requestId, requestSha256: 'ab'.repeat(32), items: [{ itemId, cameraId: newId(), startsAt, endsAt }],
      recipientOfficerId: officerId, reasonCode: 'theft' as const,
      legalBasis: 'pipa-18-2-7-investigation' as const, playPeriodDays: 1, plays: 2, thirdParty: false,
    },
  }; // prettier-ignore
  const requestApproval = {
    ...common,
    approvalId: newId(),
    scopeSha256: await scopeDigest(requestScope),
  };
  const request = await signRecord('request-approval', requestApproval, zone.approvers[0]);
  const releaseScope = {
    salt: newId(),
    scope: {
      requestId, exportId, itemId, requestApprovalSha256: await sha256Hex(new TextEncoder().encode(request)),
      footageSha256: 'f0'.repeat(32), maskPlanVersion: 1, maskPlanSha256: 'cd'.repeat(32),
      clipSha256: await sha256Hex(clip), reportSha256: await sha256Hex(report),
    },
  }; // prettier-ignore
  const releaseApproval = {
    ...common,
    approvalId: newId(),
    exportId,
    scopeSha256: await scopeDigest(releaseScope),
  };
  const release = await signRecord('release-approval', releaseApproval, zone.approvers[1]);
  const manifest: PackageManifest = {
    packageId, exportId, requestId, receiptNumber: '2026-000123', siteName: '시험', cameraName: '1번', startsAt, endsAt,
    caseNumber: '2026-1', recipientName: '홍길동', requestScope, releaseScope,
    clip: {
      sha256: releaseScope.scope.clipSha256,
      ...(still === undefined
        ? { entry: 'clip.mp4', contentType: 'video/mp4; codecs="avc1.64001f"', width: 320, height: 240, durationMs: 1000, frameCount: 10 }
        : { entry: 'still.jpg', contentType: 'image/jpeg', width: still.width, height: still.height, durationMs: 0, frameCount: 1 }),
    },
    masking: { style: 'mosaic', targets: ['face'], trackCount: 0 },
    watermark: { kind: 'none', reason: 'not built' }, approvalPolicy: 'three-person', createdAt: now.toISOString(),
  }; // prettier-ignore
  const licenceShare = new Uint8Array(randomBytes(32));
  const sealed = await sealPackage({
    path: `${options.folder}/${packageId}-${newId()}.sallypkg`,
    facts: {
      packageId, exportId, requestId, siteId: zone.siteId, gatewayId, supersedes: options.supersedes ?? null, expiresAt,
      recipientOfficerId: officerId, checkpoint: { treeSize: 1, rootHash: '11'.repeat(32) }, suite: 1, segmentSizeBytes: 65_536,
    },
    manifest,
    custody: { steps: [] },
    clip: { id: still === undefined ? 'clip.mp4' : 'still.jpg', sizeBytes: clip.length, open: () => once(clip) },
    report: { sizeBytes: report.length, open: () => once(report) },
    approvals: { request, release },
    people: { requesters: [newId()], preparers: [newId()] },
    recipients: [options.device],
    random: {
      recipientShare: new Uint8Array(randomBytes(32)), licenceShare, nonceBase: new Uint8Array(randomBytes(12)),
    },
    signer: zone.seal,
    trust: zone.trust,
    now,
  }); // prettier-ignore
  const header = sealed.view.header;
  return {
    packageId,
    exportId,
    requestId,
    path: sealed.path,
    header,
    layout: sealed.view.layout,
    licenceShare,
    grant: (gatewayKey: AgreementKey, policy: { plays?: number; notAfter?: Date; version?: number; grantId?: string } = {}) =>
      signLicenceGrant({
        header, licenceShare, gatewayKey, signer: zone.seal,
        policy: {
          grantId: policy.grantId ?? newId(), version: policy.version ?? 1, notBefore: at,
          notAfter: policy.notAfter?.toISOString() ?? expiresAt, plays: policy.plays ?? 2, offlineLease: false, at,
        },
      }), // prettier-ignore
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
