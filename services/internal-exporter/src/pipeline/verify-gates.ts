import {
  RequestDetails,
  SallyportError,
  SaltedReleaseScope,
  SaltedRequestScope,
  canonicalBytes,
  parse,
  sha256Hex,
  verifyRecord,
} from '@sallyport/contracts';
import { checkRequestGate, checkScope, type GateSubject } from '../domain/check-gates.ts';
import type { Approval, Export, ExportRequest } from '../generated/prisma/client.ts';
import type { Database } from '../store/database.ts';
import type { PersonalFields } from '../store/personal-fields.ts';
import { getTrust, type Site } from '../store/site.ts';
import { findParties, type ExportParties } from './approval-parties.ts';

export interface GateTools {
  readonly db: Database;
  readonly site: Site;
  readonly personal: PersonalFields;
}

/** An export whose first gate is open, with what the gate was opened by. */
export interface OpenedExport {
  readonly row: Export & { readonly request: ExportRequest };
  readonly parties: ExportParties;
  readonly details: RequestDetails;
  readonly request: { readonly jws: string; readonly scope: SaltedRequestScope };
}

/**
 * The first gate, judged by seal itself before any footage key is given out: a signed approval of
 * exactly this camera and time, by a person who may give it. No column's word is taken for it.
 *
 * @throws SallyportError ERR_GATE_*, ERR_SEAL_APPROVAL_*, ERR_RECORD_*, ERR_CERTIFICATE_*
 */
export async function openRequestGate(
  { db, site, personal }: GateTools,
  exportId: string,
  now: Date,
): Promise<OpenedExport> {
  const row = await db.export.findUnique({ where: { id: exportId }, include: { request: true } });
  if (row === null) throw new SallyportError('ERR_EXPORT_UNKNOWN');
  const approval = await findApproval(db, { requestId: row.requestId, kind: 'request' });
  const { payload, signer } = await verifyRecord('request-approval', approval.jws, {
    trust: await getTrust(db),
    roles: ['approver'],
    now,
  });
  const scope = parse(SaltedRequestScope, openScope(approval, personal), 'ERR_GATE_SCOPE_MISMATCH');
  const scopeSha256 = await sha256Hex(canonicalBytes(scope));
  const parties = await findParties(db, exportId);
  const gate = { payload, signer, scope: scope.scope, scopeSha256 };
  const persons = {
    preparers: [...parties.preparers],
    requesters: [...parties.requesters],
    policy: parties.policy,
  };
  checkRequestGate(gate, await subjectOf(row, site), persons, now);
  const details = parse(
    RequestDetails,
    openDetails(row.request, personal),
    'ERR_GATE_SCOPE_MISMATCH',
  );
  return { row, parties, details, request: { jws: approval.jws, scope } };
}

/** The second approval of an opened export, its scope still to be held against the files. */
export async function findReleaseApproval(
  { db, site, personal }: GateTools,
  opened: OpenedExport,
): Promise<{ readonly jws: string; readonly scope: SaltedReleaseScope }> {
  const { id: exportId, requestId } = opened.row;
  const approval = await findApproval(db, { requestId, exportId, kind: 'release' });
  checkScope(opened.request.scope.scope, await subjectOf(opened.row, site));
  const scope = parse(SaltedReleaseScope, openScope(approval, personal), 'ERR_GATE_SCOPE_MISMATCH');
  return { jws: approval.jws, scope };
}

/** What the export is about; the signed request is digested here and now. */
async function subjectOf(
  row: Export & { request: ExportRequest },
  site: Site,
): Promise<GateSubject> {
  return {
    siteId: site.siteId,
    requestId: row.requestId,
    requestSha256: await sha256Hex(new TextEncoder().encode(row.request.jws)),
    exportId: row.id,
    itemId: row.itemId,
    cameraId: row.cameraId,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
  };
}

async function findApproval(
  db: Database,
  which: {
    readonly requestId: string;
    readonly exportId?: string;
    readonly kind: 'request' | 'release';
  },
): Promise<Approval> {
  const approval = await db.approval.findFirst({ where: which, orderBy: { at: 'desc' } });
  if (approval === null)
    throw new SallyportError('ERR_GATE_APPROVAL_MISSING', { detail: { kind: which.kind } });
  return approval;
}

function openScope({ id, scopeEncrypted }: Approval, personal: PersonalFields): unknown {
  const place = { table: 'Approval', column: 'scopeEncrypted', rowId: id };
  return JSON.parse(personal.decrypt(scopeEncrypted, place));
}

function openDetails({ id, detailsEncrypted }: ExportRequest, personal: PersonalFields): unknown {
  if (detailsEncrypted === null) throw new SallyportError('ERR_GATE_APPROVAL_MISSING');
  const place = { table: 'ExportRequest', column: 'detailsEncrypted', rowId: id };
  return JSON.parse(personal.decrypt(detailsEncrypted, place));
}
