import t from 'tap';
import { toHex, unwrapWith, verifyRecord, type PublicJwk } from '@sallyport/contracts';
import { sealPackage, signLicenceGrant } from '@sallyport/seal/sign';
import { NOW, ramp } from '../support/site.ts';
import { scratch, sealOptions, trust } from '../support/seal.ts';

const policy = {
  grantId: 'a'.repeat(32),
  version: 1,
  notBefore: NOW.toISOString(),
  notAfter: '2026-12-01T00:00:00.000Z',
  plays: 0,
  offlineLease: false,
  at: NOW.toISOString(),
};

t.test(
  'the grant names the package and its devices, and only the gateway’s epoch key opens the share',
  async (t) => {
    const options = await sealOptions(await scratch(t));
    const { view } = await sealPackage(options);
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
      'deriveBits',
    ]);
    const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    const jwk: PublicJwk = { crv: 'P-256', kty: 'EC', x, y };
    const grant = (notAfter: string) =>
      signLicenceGrant({
        header: view.header,
        licenceShare: options.random.licenceShare,
        gatewayKey: { epoch: 3, jwk, notAfter: '2027-01-01T00:00:00.000Z' },
        policy: { ...policy, notAfter },
        signer: options.signer,
      });
    const { payload } = await verifyRecord('licence-grant', await grant(policy.notAfter), {
      trust,
      now: NOW,
      roles: ['seal'],
    });
    t.equal(payload.packageId, view.header.packageId);
    t.equal(payload.devices.length, 2);
    const binding = { purpose: 'licence-share', context: payload.packageId, keyId: '3' } as const;
    const share = await unwrapWith(pair.privateKey, payload.share ?? '', binding);
    t.equal(toHex(share), toHex(ramp(32, 2)));
    await t.rejects(grant('2027-01-01T00:00:00.000Z'), { code: 'ERR_SEAL_LICENCE' });
  },
);
