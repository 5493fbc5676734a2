import t from 'tap';
import { canonicalBytes, sha256Hex, verifySelfSigned } from '@sallyport/contracts';
import { exportTrust, importTrust } from '@sallyport/dmz-gateway/cli/trust-bundles.js';
import { readConfig } from '@sallyport/dmz-gateway/config/environment.js';
import { runCommand } from '@sallyport/dmz-gateway/cli/commands.js';
import { createGateway } from '@sallyport/dmz-gateway/keys/gateway-keys.js';
import { createInternalZone } from '../support/internal-zone.ts';
import { startRig } from '../support/rig.ts';

t.setTimeout(180_000); // a busy machine: every rig starts a database

void t.test('trust between the zones', async (t) => {
  const rig = await startRig(t);
  const { db, fields, zone } = rig;
  const people = { by: '김담당', witness: '이확인' };
  const now = rig.clock();

  await t.test(
    'the gateway’s bundle is signed by its own key and carries a key per epoch',
    async (t) => {
      const { jws, fingerprint } = await exportTrust(
        db,
        fields,
        { config: rig.config, by: '김담당' },
        now,
      );
      const { payload, publicKey } = await verifySelfSigned('trust-dmz', jws);
      t.same(publicKey, payload.signingKey);
      t.equal(payload.gatewayId, rig.gatewayId);
      t.ok(payload.agreementKeys.length >= 1);
      t.equal(await sha256Hex(canonicalBytes(payload)), fingerprint);
      t.match(await rig.events('trust.exported'), [{ fingerprint }]);
    },
  );

  await t.test(
    'two different people and the right fingerprint, or nothing is pinned',
    async (t) => {
      const bundle = await zone.trustBundle();
      const wrong = { ...bundle, fingerprint: `${bundle.fingerprint.slice(0, -1)}0`, ...people };
      if (wrong.fingerprint === bundle.fingerprint) wrong.fingerprint = 'ab'.repeat(32);
      await t.rejects(importTrust(db, fields, wrong, now), { code: 'ERR_GATEWAY_FINGERPRINT' });
      const alone = { ...bundle, by: '김담당', witness: ' 김담당 ' };
      await t.rejects(importTrust(db, fields, alone, now), { code: 'ERR_GATEWAY_WITNESS' });
      const other = await createInternalZone(now);
      const borrowed = await zone.trustBundle({ ca: other.ca });
      await t.rejects(importTrust(db, fields, { ...borrowed, ...people }, now), {
        code: 'ERR_CERTIFICATE_ROLE',
      });
      t.equal(await db.trust.count(), 0);
      const spaced = bundle.fingerprint.toUpperCase().replaceAll(/(.{4})/g, '$1 ');
      t.match(await importTrust(db, fields, { ...bundle, ...people, fingerprint: spaced }, now), {
        siteId: zone.siteId,
      });
      const foreign = await other.trustBundle();
      await t.rejects(importTrust(db, fields, { ...foreign, ...people }, now), {
        code: 'ERR_GATEWAY_PINNED',
      });
      t.match(await rig.events('trust.imported'), [
        { peerId: zone.siteId, fingerprint: bundle.fingerprint },
      ]);
      const rows = JSON.stringify(await db.ledgerEvent.findMany(), (_key, value: unknown) =>
        typeof value === 'bigint' ? 0 : value,
      );
      t.notOk(rows.includes('김담당'), 'names stay out of the ledger');
    },
  );

  await t.test('keys are never overwritten', async (t) => {
    await t.rejects(createGateway(rig.config, rig.gatewayId), { code: 'ERR_GATEWAY_INITIALISED' });
  });
});

void t.test('the command line says what is wrong', async (t) => {
  const source = { once: () => undefined, exit: () => undefined };
  await t.rejects(runCommand(['dance'], {}, source), { code: 'ERR_COMMAND_USAGE' });
  await t.rejects(runCommand(['init', '--by', 'Lee'], {}, source), {
    code: 'ERR_ENVIRONMENT_INVALID', detail: { GATEWAY_DATA_DIR: 'missing', GATEWAY_PASSPHRASE_FILE: 'missing' },
  }); // prettier-ignore
  t.match(await runCommand(['help'], {}, source), { usage: /trust import/ });
  t.throws(() => readConfig({ GATEWAY_DATA_DIR: '/tmp/x', GATEWAY_TYPO: '1' }), {
    code: 'ERR_ENVIRONMENT_INVALID',
  });
});
