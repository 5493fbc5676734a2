import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { answerKeyRequest } from '@sallyport/internal-exporter/pipeline/answer-key-request.js';
import { jobRoots } from '@sallyport/internal-exporter/pipeline/job-folder.js';
import { runExport } from '@sallyport/internal-exporter/pipeline/run-export.js';
import { showExport } from '@sallyport/internal-exporter/pipeline/show-export.js';
import { importFootage } from '@sallyport/internal-exporter/store/footage.js';
import { mediaStep } from '@sallyport/internal-exporter/workers/media.js';
import { sealStep } from '@sallyport/internal-exporter/workers/seal.js';
import { signRecord, type ReleaseApprovalDraft } from '@sallyport/contracts';
import { SpoolSender } from '@sallyport/lane';
import { LedgerWriter } from '@sallyport/ledger';
import type { ApprovedExport } from './approved-export-fixture.ts';
import { logger, type Person, type SiteFixture } from './site-fixture.ts';

export const NEVER = new AbortController().signal;

/** All roles' tools over one site, and the steps a test walks. */
export async function startRoles(fixture: SiteFixture) {
  const { db, site, keys, personal, places, folder } = fixture;
  const ledger = await LedgerWriter.open({
    directory: join(folder, 'ledger'),
    origin: site.siteId,
    zone: 'internal',
  });
  const seal = {
    ...{ db, site, personal, places, ledger, worker: 'seal:test' },
    atRest: {
      purpose: 'data-key',
      keyId: site.atRestKey.keyId,
      privateKey: await keys.openAgreementKey('at-rest'),
    },
    signer: { privateKey: await keys.openSigningKey('seal'), certificate: site.sealCertificate },
  } as const;
  const media = {
    ...{ db, site, places, worker: 'media:test', modelsFolder: null },
    jobRoots: jobRoots(places, site.siteId),
  };
  const review = {
    ...{ db, site, places },
    previewKey: {
      purpose: 'preview-key',
      keyId: site.previewKey.keyId,
      privateKey: await keys.openAgreementKey('preview'),
    },
  } as const;
  const send = {
    ...{ db, site, places, worker: 'send:test' },
    signer: { privateKey: await keys.openSigningKey('lane'), certificate: site.laneCertificate },
    sender: new SpoolSender(join(folder, 'spool')),
  };
  /** One media step while seal answers its requests for keys. */
  const runMedia = async (): Promise<boolean> => {
    const done = new AbortController();
    const answering = (async () => {
      while (!done.signal.aborted) {
        await answerKeyRequest(seal);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    })();
    const did = await mediaStep(media, NEVER);
    done.abort();
    await answering;
    return did;
  };
  const sealOnce = () => sealStep(seal, logger, NEVER);
  return { seal, media, review, send, runMedia, sealOnce, release: { db, site, personal } };
}
export type Roles = Awaited<ReturnType<typeof startRoles>>;

export async function bringFootage(
  fixture: SiteFixture,
  given: ApprovedExport,
  content: string,
): Promise<string> {
  const { db, site, places, personal } = fixture;
  const { cameraId, startsAt } = given;
  const actor = { kind: 'role', name: 'intake' } as const;
  const about = {
    cameraId,
    startsAt,
    name: '정문.mp4',
    importedById: null,
    source: 'upload',
    actor,
  } as const;
  const store = { db, site, places, personal };
  return (await importFootage(store, about, createReadStream(content), new Date())).id;
}

export async function choose(
  fixture: SiteFixture,
  given: ApprovedExport,
  operator: Person,
  footageId: string,
): Promise<void> {
  const { accountId } = operator;
  const preparer = { accountId, actor: { kind: 'account', id: accountId } } as const;
  const choice = {
    exportId: given.exportId,
    footageId,
    targets: ['motion'],
    style: 'mosaic',
    preparer,
  } as const;
  await runExport.choose(fixture.db, choice, new Date());
}

/** Draws a draft for `approver`, signs it and gives it back. */
export async function release(
  roles: Roles,
  given: ApprovedExport,
  approver: Person,
  alter?: (draft: ReleaseApprovalDraft) => void,
) {
  const { accountId } = approver;
  const asked = { exportId: given.exportId, accountId, validDays: 14 };
  const draft = await runExport.draftRelease(roles.release, asked, new Date());
  alter?.(draft);
  const { scope: _scope, ...payload } = draft;
  const at = new Date().toISOString();
  const jws = await signRecord('release-approval', { ...payload, at }, approver.signer);
  const actor = { kind: 'account', id: accountId } as const;
  return runExport.recordRelease(
    roles.release,
    { exportId: given.exportId, jws, accountId, actor },
    new Date(),
  );
}

/** State, progress and failure in one line. */
export async function stateOf(fixture: SiteFixture, { exportId }: ApprovedExport): Promise<string> {
  const { state, progress, failure = '' } = await showExport(fixture.db, exportId);
  return [state, progress, failure].join(' ').trim();
}
