import {
  canonicalize,
  signRecord,
  type RecordSigner,
  type RequestDetails,
  type SaltedRequestScope,
} from '@sallyport/contracts';
import { toJson } from '@sallyport/internal-exporter/store/database.js';
import { newId } from '@sallyport/internal-exporter/store/ids.js';
import { DAY_MS, digest, publicJwk, type Person, type SiteFixture } from './site-fixture.ts';

/** A confirmed officer with one certified device, a camera, a gateway, and one approved request. */
export interface ApprovedExport {
  readonly exportId: string;
  readonly requestId: string;
  readonly officerId: string;
  readonly cameraId: string;
  readonly startsAt: Date;
  readonly agreeKey: CryptoKey;
  readonly deviceId: string;
  readonly gatewayKey: CryptoKey;
  readonly gatewayId: string;
}

/** Writes what CORE's steps 1 to 3 leave behind: rows, a signed request and its signed approval. */
export async function seedApprovedExport(
  fixture: SiteFixture,
  approver: Person,
  options: { readonly seconds?: number } = {},
): Promise<ApprovedExport> {
  const { db, personal, site } = fixture;
  const now = new Date();
  const [officerId, deviceId, cameraId, requestId, itemId] = [
    newId(),
    newId(),
    newId(),
    newId(),
    newId(),
  ];
  const startsAt = new Date('2026-11-21T01:00:00.000Z');
  const endsAt = new Date(startsAt.getTime() + (options.seconds ?? 2) * 1000);
  await db.camera.create({
    data: {
      ...{
        id: cameraId,
        name: '정문 1',
        location: '시청',
        type: 'fixed',
        district: '중구',
        retentionDays: 30,
      },
      ...{ exclusion: toJson(null), version: 1, registeredAt: now },
    },
  });
  const stationId = newId();
  await db.station.create({ data: { id: stationId, name: '중부서', createdAt: now } });
  const person = {
    name: '김경찰',
    rank: '경위',
    department: '형사',
    staffNumber: 'P-1',
    phone: '1',
    email: 'a@b',
  };
  const officerPlace = { table: 'Officer', column: 'personalEncrypted', rowId: officerId };
  await db.officer.create({
    data: {
      ...{
        id: officerId,
        stationId,
        state: 'confirmed',
        staffNumberLookup: officerId,
        personId: newId(),
      },
      ...{ recordSha256: '0'.repeat(64), signedUpAt: now, decidedAt: now },
      personalEncrypted: personal.encrypt(canonicalize(person), officerPlace),
    },
  });
  const { agreeKey, signer: device } = await addDevice(fixture, { officerId, deviceId });
  const gatewayId = newId();
  const gatewayKey = await addGateway(fixture, gatewayId);

  const item = { itemId, cameraId, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() };
  const details: RequestDetails = {
    ...{
      kind: 'export',
      caseNumber: '2026-1',
      caseName: '절도',
      incidentAt: item.startsAt,
      incidentAddress: '중구',
    },
    ...{
      legalBasis: 'pipa-18-2-7-investigation',
      reasonCode: 'theft',
      reasonDetail: '수사',
      documentNumber: 'D-1',
    },
    ...{
      items: [item],
      maskTargets: ['motion'],
      recipientOfficerId: officerId,
      playPeriodDays: 90,
      plays: 50,
    },
    ...{ thirdParty: false, pledgeVersion: 1 },
  };
  const expiresAt = new Date(now.getTime() + 10 * DAY_MS).toISOString();
  const sealed = `${'a'.repeat(8)}.${'b'.repeat(8)}.${'c'.repeat(8)}`;
  const request = {
    requestId,
    siteId: site.siteId,
    officerId,
    deviceId,
    sealed,
    at: now.toISOString(),
    expiresAt,
  };
  const jws = await signRecord('export-request', request, device);
  const requestSha256 = await digest(jws);
  await db.exportRequest.create({
    data: {
      ...{
        id: requestId,
        receiptNumber: `20261121-${requestId.slice(0, 6)}`,
        officerId,
        deviceId,
        jws,
      },
      ...{
        jwsSha256: requestSha256,
        state: 'acquiring',
        statusVersion: 1,
        recipientOfficerId: officerId,
      },
      detailsEncrypted: personal.encrypt(canonicalize(details), {
        table: 'ExportRequest',
        column: 'detailsEncrypted',
        rowId: requestId,
      }),
      ...{ notes: toJson([]), at: now, expiresAt: new Date(expiresAt), receivedAt: now },
      items: { create: { id: itemId, cameraId, startsAt, endsAt } },
    },
  });
  const scope: SaltedRequestScope = {
    salt: newId(),
    scope: {
      ...{
        requestId,
        requestSha256,
        items: [item],
        recipientOfficerId: officerId,
        reasonCode: 'theft',
      },
      ...{
        legalBasis: 'pipa-18-2-7-investigation',
        playPeriodDays: 90,
        plays: 50,
        thirdParty: false,
      },
    },
  };
  await addRequestApproval(fixture, approver, { scope, requestId, expiresAt });
  const exportId = newId();
  await db.export.create({
    data: {
      ...{ id: exportId, requestId, itemId, cameraId, startsAt, endsAt },
      ...{ state: 'acquiring', progress: 'waiting', createdAt: now, updatedAt: now },
    },
  });
  return {
    exportId,
    requestId,
    officerId,
    cameraId,
    startsAt,
    agreeKey,
    deviceId,
    gatewayKey,
    gatewayId,
  };
}

/** Signs and stores a request approval by `approver`. */
export async function addRequestApproval(
  { db, site, personal }: SiteFixture,
  approver: Person,
  of: {
    readonly scope: SaltedRequestScope;
    readonly requestId: string;
    readonly expiresAt: string;
  },
): Promise<void> {
  const { scope, requestId, expiresAt } = of;
  const id = newId();
  const at = new Date(Date.now() - 1_000);
  const scopeSha256 = await digest(canonicalize(scope));
  const payload = {
    approvalId: id,
    siteId: site.siteId,
    requestId,
    scopeSha256,
    at: at.toISOString(),
    expiresAt,
  };
  const jws = await signRecord('request-approval', payload, approver.signer);
  await db.approval.create({
    data: {
      ...{
        id,
        kind: 'request',
        requestId,
        accountId: approver.accountId,
        personId: approver.personId,
      },
      ...{ certificateId: approver.certificateId, jws, jwsSha256: await digest(jws), scopeSha256 },
      scopeEncrypted: personal.encrypt(canonicalize(scope), {
        table: 'Approval',
        column: 'scopeEncrypted',
        rowId: id,
      }),
      ...{ at, expiresAt: new Date(expiresAt) },
    },
  });
}

/** One more confirmed device of an officer, both its certificates issued. */
export async function addDevice(
  { db, issue }: SiteFixture,
  { officerId, deviceId }: { readonly officerId: string; readonly deviceId: string },
): Promise<{ agreeKey: CryptoKey; signer: RecordSigner }> {
  const who = { subjectId: deviceId, ownerId: officerId };
  const sign = await issue('device-sign', who);
  const agree = await issue('device-agree', who);
  const now = new Date();
  await db.device.create({
    data: {
      ...{
        id: deviceId,
        officerId,
        labelEncrypted: new Uint8Array([0]),
        signingJwk: {},
        agreementJwk: {},
      },
      ...{
        fingerprint: deviceId,
        enrolmentSha256: deviceId,
        challengeSha256: deviceId,
        state: 'confirmed',
      },
      ...{ receivedAt: now, expiresAt: new Date(now.getTime() + DAY_MS), decidedAt: now },
      ...{ signCertificateId: sign.certificateId, agreeCertificateId: agree.certificateId },
    },
  });
  return { agreeKey: agree.privateKey, signer: sign.signer };
}

async function addGateway({ db }: SiteFixture, id: string): Promise<CryptoKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ]);
  const jwk = toJson(await publicJwk(pair.publicKey));
  const now = new Date();
  await db.gateway.updateMany({ data: { current: false } });
  await db.gateway.create({
    data: {
      ...{
        id,
        fingerprint: 'f',
        signingJwk: jwk,
        ledgerJwk: jwk,
        importedAt: now,
        importedBy: 'x',
      },
      ...{ witnessedBy: 'y', current: true },
      agreementKeys: {
        create: { epoch: 1, jwk, notAfter: new Date(now.getTime() + 200 * DAY_MS) },
      },
    },
  });
  return pair.privateKey;
}
