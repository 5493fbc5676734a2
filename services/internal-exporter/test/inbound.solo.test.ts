import {
  canonicalBytes,
  sha256Hex,
  selfSignRecord,
  signRecord,
  unwrapWith,
  type ConsoleRole,
  type RequestApproval,
} from '@sallyport/contracts';
import { newId } from '@sallyport/internal-exporter/store/ids.js';
import t from 'tap';
import {
  hidesLabels,
  issueAll,
  makeDetails,
  makeDevice,
  makeOutside,
  makePair,
  wrongChallenge,
} from './outside.ts';
import { addCaller, makeClock, makeServer } from './people.ts';
import { certifyApprover } from './approver.ts';
import { actsFromCommandLine } from './command-line-acts.ts';
import { digest, makeSite } from './site-fixture.ts';

// A database is made first; on a machine that does other work that takes longer than usual.
t.setTimeout(180_000);

t.test('what arrives from the other zone, and what people here do with it', async (t) => {
  const fixture = await makeSite(t);
  const { db, site } = fixture;
  const clock = makeClock();
  const server = await makeServer(fixture, clock);
  t.teardown(() => server.close());
  const add = (role: ConsoleRole, login: string, staffNumber: string) =>
    addCaller(fixture, server, clock, { role, login, staffNumber });
  const administrator = await add('administrator', 'admin', 'S-1');
  const operator = await add('operator', 'operator', 'S-2');
  const approver = await add('approver', 'approver', 'S-3');
  const second = await add('approver', 'approver2', 'S-4');
  const auditor = await add('auditor', 'auditor', 'S-5');
  const outside = await makeOutside(fixture);
  const { deliver } = outside;
  const station = await administrator.call('POST', '/v1/stations', { name: '중부경찰서' });
  const stationId = String(station.body['stationId']);
  const camera = await operator.call('POST', '/v1/cameras', {
    name: '정문',
    location: '시청',
    type: 'fixed',
    district: '중구',
  });
  const cameraId = String(camera.body['cameraId']);
  const officerId = newId();
  const device = await makeDevice(fixture, officerId);
  const refusalOf = async (jws: string): Promise<string | null> =>
    (await db.inboundRecord.findUniqueOrThrow({ where: { sha256: await digest(jws) } })).failure;
  const requestRow = (id: string) => db.exportRequest.findUniqueOrThrow({ where: { id } });
  const deviceCertificate = () => outside.certificateOf('device-sign', device.deviceId);
  await t.test('pins a gateway only with its fingerprint and two people', async (t) => {
    await t.rejects(outside.trust({ fingerprint: 'ab'.repeat(32) }), {
      code: 'ERR_FINGERPRINT_MISMATCH',
    });
    await t.rejects(outside.trust({ witness: ' n-1 ' }), { code: 'ERR_TRUST_WITNESS' });
    t.match(await outside.trust(), { gatewayId: outside.gatewayId });
    t.equal(await issueAll(fixture), 2);
    t.equal(await issueAll(fixture), 0);
  });

  await t.test(
    'keeps an enrolment that overtook its officer, and takes it in afterwards',
    async (t) => {
      t.equal(await deliver('device-enrolment', await device.enrolment()), 'waiting');
      const signUp = await outside.signUp(officerId, stationId);
      t.equal(await deliver('officer-sign-up', signUp), 'accepted');
      t.equal(await deliver('officer-sign-up', signUp), 'repeated');
      t.match((await operator.call('GET', '/v1/enrolments')).body, {
        enrolments: [{ state: 'challenged', officerName: '김경찰' }],
      });
      t.match((await operator.call('GET', '/v1/officers')).body, {
        officers: [{ officerId, state: 'pending', stationName: '중부경찰서' }],
      });
    },
  );

  await t.test('refuses a sign-up that the gateway did not sign', async (t) => {
    const pair = await makePair('sign');
    await t.rejects(selfSignRecord('device-enrolment', JSON.parse('{}') as never, pair));
    const stranger = await signRecord(
      'officer-sign-up',
      {
        officerId: newId(),
        stationId,
        siteId: site.siteId,
        sealed: 'a.b.c',
        at: new Date().toISOString(),
      },
      { privateKey: (await makePair('sign')).privateKey, certificate: site.sealCertificate },
    );
    t.equal(await deliver('officer-sign-up', stranger), 'refused');
    t.equal(await refusalOf(stranger), 'ERR_CERTIFICATE_ROLE');
  });

  await t.test(
    'confirms a device only after its proof, its officer and its fingerprint',
    async (t) => {
      const path = `/v1/enrolments/${device.deviceId}/confirm`;
      const fingerprint = await device.fingerprint();
      t.match(await operator.call('POST', path, { fingerprint }), {
        status: 409,
        body: { code: 'ERR_OFFICER_STATE' },
      });
      t.equal((await operator.call('POST', `/v1/officers/${officerId}/confirm`)).status, 204);
      t.match(await operator.call('POST', `/v1/officers/${officerId}/refuse`), {
        status: 409,
        body: { code: 'ERR_OFFICER_STATE' },
      });
      t.match(await operator.call('POST', path, { fingerprint }), {
        status: 409,
        body: { code: 'ERR_DEVICE_STATE' },
      });
      const wrong = await device.proof(wrongChallenge());
      t.equal(await deliver('enrolment-proof', wrong), 'refused');
      t.equal(await refusalOf(wrong), 'ERR_DEVICE_PROOF');
      t.equal(await deliver('enrolment-proof', await device.proof()), 'accepted');
      const mismatch = await operator.call('POST', path, {
        fingerprint: '0000 0000 0000 0000 0000',
      });
      t.match(mismatch, { status: 422, body: { code: 'ERR_FINGERPRINT_MISMATCH' } });
      t.equal(
        (await operator.call('POST', path, { fingerprint: fingerprint.toUpperCase() })).status,
        204,
      );
      t.equal(await issueAll(fixture), 2);
      t.match((await operator.call('GET', '/v1/enrolments')).body, {
        enrolments: [{ state: 'confirmed', certified: true }],
      });
      t.equal(await db.outboundRecord.count({ where: { kind: 'enrolment-outcome' } }), 1);
      t.equal(await db.directoryRow.count({ where: { kind: 'certificate' } }), 3 + 2 + 2);
    },
  );

  await hidesLabels(t, fixture);
  let admitted = '';
  await t.test('admits a request signed by the device, once', async (t) => {
    const { requestId, jws } = await device.request(
      makeDetails(cameraId, officerId),
      await deviceCertificate(),
    );
    admitted = requestId;
    t.equal(await deliver('export-request', jws), 'accepted');
    t.equal(await deliver('export-request', jws), 'repeated');
    t.match(await requestRow(requestId), { state: 'under-review', failure: null });
    const { body } = await operator.call('GET', '/v1/requests');
    t.match(body, {
      total: 1,
      rows: [{ requestId, requesterName: '김경찰', caseNumber: '2026-형-1', itemCount: 1 }],
    });
    const detail = await approver.call('GET', `/v1/requests/${requestId}`);
    t.match(detail.body, {
      cameraNames: ['정문'],
      history: [{ state: 'submitted' }, { state: 'under-review' }],
    });
  });

  await t.test('refuses bad requests with a reason that goes outward', async (t) => {
    const certificate = await deviceCertificate();
    const good = makeDetails(cameraId, officerId);
    const [item] = good.items;
    t.ok(item);
    const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const cases = [
      [good, {}, 'ERR_REQUEST_DUPLICATE'],
      [
        { ...good, items: [{ itemId: newId(), cameraId, startsAt: later(-3), endsAt: later(-4) }] },
        {},
        'ERR_REQUEST_RANGE',
      ],
      [
        {
          ...good,
          items: [{ itemId: newId(), cameraId: newId(), startsAt: later(-4), endsAt: later(-3.9) }],
        },
        {},
        'ERR_REQUEST_CAMERA_UNKNOWN',
      ],
      [makeDetails(cameraId, newId()), {}, 'ERR_REQUEST_RECIPIENT'],
      [good, { siteId: newId() }, 'ERR_RECORD_AUDIENCE'],
      [good, { expiresAt: later(-1) }, 'ERR_RECORD_EXPIRED'],
    ] as const;
    for (const [details, changes, failure] of cases) {
      const { requestId, jws } = await device.request(
        { ...details, items: [...details.items] },
        certificate,
        changes,
      );
      t.equal(await deliver('export-request', jws), 'accepted', failure);
      t.match(await requestRow(requestId), { state: 'rejected', failure });
      const told = await db.outboundRecord.findFirstOrThrow({
        where: { dedupeKey: `request-status:${requestId}:1` },
      });
      t.match(JSON.parse(told.payload), { state: 'rejected', failure });
    }
  });

  await t.test(
    'refuses a request by an unknown key, for another officer, or under a known id',
    async (t) => {
      const details = makeDetails(cameraId, officerId, { documentNumber: 'D-9' });
      const stranger = await makeDevice(fixture, officerId);
      const forged = await stranger.request(details, await deviceCertificate());
      t.equal(await deliver('export-request', forged.jws), 'refused');
      t.equal(await refusalOf(forged.jws), 'ERR_RECORD_SIGNATURE');
      const other = await device.request(details, await deviceCertificate(), {
        officerId: newId(),
      });
      t.equal(await deliver('export-request', other.jws), 'refused');
      t.equal(await refusalOf(other.jws), 'ERR_REQUEST_REQUESTER');
      const again = await device.request(details, await deviceCertificate(), {
        requestId: admitted,
      });
      t.equal(await deliver('export-request', again.jws), 'refused');
      t.equal(await refusalOf(again.jws), 'ERR_RECORD_STALE');
      const outward = await signRecord(
        'request-status',
        {
          requestId: admitted,
          version: 9,
          state: 'available',
          exports: [],
          notes: [],
          history: [],
          at: new Date().toISOString(),
        },
        { privateKey: device.signing.privateKey, certificate: await deviceCertificate() },
      );
      t.equal(await deliver('request-status', outward), 'refused');
    },
  );

  await t.test(
    'records an approval only by the approver’s own key, over exactly the draft',
    async (t) => {
      const pair = await makePair('sign');
      const signer = {
        privateKey: pair.privateKey,
        certificate: await certifyApprover(t, fixture, { approver, administrator, pair }),
      };
      const otherPair = await makePair('sign');
      const other = {
        privateKey: otherPair.privateKey,
        certificate: await certifyApprover(t, fixture, {
          approver: second,
          administrator,
          pair: otherPair,
        }),
      };
      const path = `/v1/requests/${admitted}/approvals`;
      const { body: draft } = await approver.call('GET', `/v1/requests/${admitted}/approval-draft`);
      t.equal(await sha256Hex(canonicalBytes(draft['scope'])), draft['scopeSha256']);
      const { approvalId, siteId, requestId, scopeSha256, expiresAt } =
        draft as unknown as RequestApproval;
      const payload = {
        approvalId,
        siteId,
        requestId,
        scopeSha256,
        expiresAt,
        at: new Date().toISOString(),
      };

      const altered = await signRecord(
        'request-approval',
        { ...payload, scopeSha256: 'ab'.repeat(32) },
        signer,
      );
      t.match(await approver.call('POST', path, { jws: altered }), {
        status: 422,
        body: { code: 'ERR_APPROVAL_MISMATCH' },
      });
      const borrowed = await signRecord('request-approval', payload, other);
      t.match(await approver.call('POST', path, { jws: borrowed }), {
        status: 403,
        body: { code: 'ERR_APPROVAL_KEY' },
      });
      t.match(await second.call('POST', path, { jws: borrowed }), {
        status: 409,
        body: { code: 'ERR_APPROVAL_DRAFT_UNKNOWN' },
      });
      const forged = await signRecord('request-approval', payload, {
        ...other,
        certificate: signer.certificate,
      });
      t.match(await approver.call('POST', path, { jws: forged }), {
        status: 422,
        body: { code: 'ERR_RECORD_SIGNATURE' },
      });

      const jws = await signRecord('request-approval', payload, signer);
      t.match(await approver.call('POST', path, { jws }), {
        status: 201,
        body: { state: 'acquiring', approvalId },
      });
      t.match(await approver.call('POST', path, { jws }), {
        status: 409,
        body: { code: 'ERR_REQUEST_STATE' },
      });
      const { body } = await approver.call('GET', `/v1/requests/${admitted}`);
      t.match(body, {
        state: 'acquiring',
        exports: [{ state: 'acquiring', cameraName: '정문' }],
        approvals: [{ kind: 'request', by: '사람 approver' }],
      });
      t.same(
        (body['history'] as { state: string }[]).map(({ state }) => state),
        ['submitted', 'under-review', 'approved', 'acquiring'],
      );
    },
  );

  await actsFromCommandLine(t, fixture, {
    administrator,
    submit: async () => {
      const details = makeDetails(cameraId, officerId, { documentNumber: 'D-7' }, 120_000);
      const { requestId, jws } = await device.request(details, await deviceCertificate());
      t.equal(await deliver('export-request', jws), 'accepted');
      return requestId;
    },
  });

  await t.test('sends the words of a rejection only to the requester’s device', async (t) => {
    const details = makeDetails(cameraId, officerId, { kind: 'emergency' }, 60_000);
    delete details.documentNumber;
    const { requestId, jws } = await device.request(details, await deviceCertificate());
    t.equal(await deliver('export-request', jws), 'accepted');
    t.match(await requestRow(requestId), {
      state: 'under-review',
      warnings: ['document-number-missing-emergency'],
    });
    const path = `/v1/requests/${requestId}/reject`;
    t.equal((await approver.call('POST', path, { reason: '' })).status, 400);
    t.equal((await approver.call('POST', path, { reason: '공문이 필요합니다' })).status, 204);
    t.match(await approver.call('POST', path, { reason: '다시' }), {
      status: 409,
      body: { code: 'ERR_REQUEST_STATE' },
    });
    const told = await db.outboundRecord.findFirstOrThrow({
      where: { dedupeKey: `request-status:${requestId}:2` },
    });
    t.notOk(told.payload.includes('공문'));
    const { notes } = JSON.parse(told.payload) as { notes: { keyId: string; sealed: string }[] };
    const [note] = notes;
    const binding = { purpose: 'personal', context: requestId, keyId: note?.keyId ?? '' } as const;
    const words = await unwrapWith(device.agreement.privateKey, note?.sealed ?? '', binding);
    t.equal(new TextDecoder().decode(words), '공문이 필요합니다');
  });

  await t.test('revokes a lost device outward and refuses what it signs afterwards', async (t) => {
    const certificate = await deviceCertificate();
    t.equal(
      (await operator.call('POST', `/v1/devices/${device.deviceId}/revoke`, { reason: 'lost' }))
        .status,
      204,
    );
    t.equal(await db.directoryRow.count({ where: { kind: 'revocation' } }), 2);
    const late = await device.request(
      makeDetails(cameraId, officerId, { documentNumber: 'D-2' }),
      certificate,
    );
    t.equal(await deliver('export-request', late.jws), 'refused');
    t.equal(await refusalOf(late.jws), 'ERR_CERTIFICATE_REVOKED');
  });

  await t.test('leaves every act in the ledger’s outbox', async (t) => {
    const { body } = await auditor.call('GET', '/v1/ledger/entries?limit=500');
    const kinds = new Set(
      (body['rows'] as { entry: { event: { kind: string } } }[]).map(
        ({ entry }) => entry.event.kind,
      ),
    );
    const expected = [
      ...[
        'trust.imported',
        'officer.signed-up',
        'officer.confirmed',
        'device.enrolment-received',
        'device.confirmed',
      ],
      ...[
        'export-request.admitted',
        'export-request.refused',
        'export-request.rejected',
        'approver-key.confirmed',
      ],
      ...['approval.recorded', 'certificate.revoked', 'lane.refused', 'station.registered'],
    ];
    for (const kind of expected) t.ok(kinds.has(kind), kind);
  });
});
