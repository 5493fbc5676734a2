import {
  canonicalBytes,
  parse,
  RequestDetails,
  signRecord,
  wrapFor,
  type PolicyEntry,
  type PortalRequest,
  type PortalSite,
} from '@sallyport/contracts';
import { fromKoreanInput } from '@sallyport/ui';
import { api } from '../api.ts';
import type { CertifiedDevice } from '../device/this-device.ts';
import { randomId } from '../random-id.ts';
import { splitItem } from './check-draft.ts';
import type { Draft } from './draft.ts';

const DAY_MS = 86_400_000;

/** Seals a checked form, signs it with this device and hands it in. */
export async function sendRequest(
  form: { draft: Draft; policy: PolicyEntry; site: PortalSite; officerId: string },
  device: CertifiedDevice,
  now: Date,
): Promise<PortalRequest> {
  const { site, officerId, policy } = form;
  const requestId = randomId();
  const details = canonicalBytes(toDetails(form.draft, policy, officerId));
  const binding = { purpose: 'personal', context: requestId } as const;
  const [inside, own] = [site.intakeKey, device.keys.agreement.publicKey];
  const jws = await signRecord(
    'export-request',
    {
      requestId,
      siteId: site.siteId,
      officerId,
      deviceId: device.keys.deviceId,
      sealed: await wrapFor(inside.jwk, details, { ...binding, keyId: inside.keyId }),
      at: now.toISOString(),
      expiresAt: new Date(now.getTime() + policy.requestValidDays * DAY_MS).toISOString(),
    },
    { privateKey: device.keys.signing.privateKey, certificate: device.signCertificate },
  );
  const copy = await wrapFor(own, details, { ...binding, keyId: device.agreeCertificateId });
  return api.send('POST', '/v1/requests', { jws, copy });
}

/** @throws SallyportError ERR_RECORD_INVALID for text the records do not take (control characters) */
function toDetails(draft: Draft, policy: PolicyEntry, officerId: string): RequestDetails {
  const optional = <K extends string>(name: K, text: string) =>
    (text.trim() === '' ? {} : { [name]: text.trim() }) as Partial<Record<K, string>>;
  return parse(RequestDetails, {
    kind: draft.kind,
    caseNumber: draft.caseNumber.trim(),
    caseName: draft.caseName.trim(),
    incidentAt: fromKoreanInput(draft.incidentAt),
    incidentAddress: draft.incidentAddress.trim(),
    legalBasis: draft.legalBasis,
    ...optional('legalArticle', draft.legalArticle),
    reasonCode: draft.reasonCode,
    reasonDetail: draft.reasonDetail.trim(),
    ...optional('documentNumber', draft.documentNumber),
    items: draft.items.flatMap((item) =>
      splitItem(item, policy.maximumClipMinutes).map((range, index) => ({
        itemId: index === 0 ? item.itemId : randomId(),
        cameraId: item.cameraId,
        ...range,
      })),
    ),
    maskTargets: [...draft.maskTargets],
    ...optional('maskExemption', draft.maskExemption),
    recipientOfficerId: draft.otherRecipient ?? officerId,
    playPeriodDays: draft.playPeriodDays,
    plays: draft.plays,
    thirdParty: draft.thirdParty,
    pledgeVersion: policy.pledgeVersion,
  });
}
