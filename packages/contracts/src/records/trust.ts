import Type, { type Static } from 'typebox';
import { CertificateText, Count, Id128, Line, PublicJwk, UtcTime } from '../scalars.ts';
import { strictObject } from './strict-object.ts';

/** What the internal zone hands to the DMZ by hand, signed by the CA key it carries. */
export const InternalTrustBundle = strictObject({
  zone: Type.Literal('internal'),
  siteId: Id128,
  siteName: Line(80),
  ca: CertificateText,
  /** Personal fields and request details are encrypted to this key before they rest in the DMZ. */
  intakeKey: strictObject({ keyId: Id128, jwk: PublicJwk }),
  createdAt: UtcTime,
});
export type InternalTrustBundle = Static<typeof InternalTrustBundle>;

/** One agreement key of the gateway; licence shares of an epoch die with it. */
export const AgreementKey = strictObject({ epoch: Count, jwk: PublicJwk, notAfter: UtcTime });
export type AgreementKey = Static<typeof AgreementKey>;

/** What the DMZ hands to the internal zone by hand, signed by the gateway key it carries. */
export const DmzTrustBundle = strictObject({
  zone: Type.Literal('dmz'),
  gatewayId: Id128,
  signingKey: PublicJwk,
  ledgerKey: PublicJwk,
  agreementKeys: Type.Array(AgreementKey, { minItems: 1, maxItems: 24 }),
  createdAt: UtcTime,
});
export type DmzTrustBundle = Static<typeof DmzTrustBundle>;

/** A later agreement key, announced by the gateway over the request lane. */
export const GatewayAgreementKey = strictObject({
  gatewayId: Id128,
  key: AgreementKey,
  at: UtcTime,
});
export type GatewayAgreementKey = Static<typeof GatewayAgreementKey>;

/** An approver's new public key, signed by its private half; an administrator confirms the fingerprint. */
export const ApproverKey = strictObject({
  accountId: Id128,
  siteId: Id128,
  label: Line(80),
  publicKey: PublicJwk,
  at: UtcTime,
});
export type ApproverKey = Static<typeof ApproverKey>;
