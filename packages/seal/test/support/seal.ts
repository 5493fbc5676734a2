import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { AES_256_GCM, ARIA_256_GCM, type SealOptions } from '@sallyport/seal/sign';
import { segmentRange, type PackageLayout } from '@sallyport/seal/verify';
import { EXPORT_ID, makeExport, PACKAGE_ID, REQUEST_ID, type ExportShape } from './export.ts';
import { actorOf, loadSite, NOW, ramp, signerOf, trustOf } from './site.ts';

export const site = loadSite();
export const trust = trustOf(site);
export const SUITES = [AES_256_GCM, ARIA_256_GCM];
export const OFFICER = actorOf(site, 'device-1-sign').ownerId;

/** A folder that goes away with its test. */
export async function scratch(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-seal-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Everything `sealPackage` takes, for one approved export of the test site. */
export async function sealOptions(folder: string, shape: ExportShape = {}): Promise<SealOptions> {
  const { clip, report, manifest, custody, approvals } = await makeExport(site, shape);
  return {
    path: join(folder, `${shape.packageId ?? PACKAGE_ID}.sallypkg`),
    facts: {
      packageId: shape.packageId ?? PACKAGE_ID,
      exportId: EXPORT_ID,
      requestId: REQUEST_ID,
      siteId: site.siteId,
      gatewayId: site.gatewayId,
      supersedes: null,
      expiresAt: '2026-12-05T10:00:00.000Z',
      recipientOfficerId: OFFICER,
      checkpoint: { treeSize: 1, rootHash: '11'.repeat(32) },
      suite: 1,
      segmentSizeBytes: 4096,
    },
    manifest,
    custody,
    clip: {
      id: shape.clipId ?? 'clip.mp4',
      sizeBytes: clip.length,
      open: () => inChunks(clip, 1000),
    },
    report: { sizeBytes: report.length, open: () => inChunks(report, 5) },
    approvals,
    people: { requesters: ['99'.repeat(16)], preparers: ['88'.repeat(16)] },
    recipients: ['device-1', 'device-2'].map((device) => ({
      signCertificate: actorOf(site, `${device}-sign`).certificate,
      agreeCertificate: actorOf(site, `${device}-agree`).certificate,
    })),
    random: { recipientShare: ramp(32, 1), licenceShare: ramp(32, 2), nonceBase: ramp(12, 3) },
    signer: await signerOf(site, 'seal'),
    trust,
    now: NOW,
    suites: SUITES,
  };
}

export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function fileChunks(path: string, size: number): Promise<AsyncGenerator<Uint8Array>> {
  return inChunks(await readFile(path), size);
}

/** Reads single segments of a package file. */
export function segmentReader(path: string, layout: PackageLayout) {
  return async (index: number): Promise<Uint8Array> => {
    const { start, sealedBytes } = segmentRange(layout, index);
    const file = await open(path, 'r');
    try {
      const { buffer } = await file.read(new Uint8Array(sealedBytes), 0, sealedBytes, start);
      return buffer;
    } finally {
      await file.close();
    }
  };
}
