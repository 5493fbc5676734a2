import {
  SallyportError,
  type CameraExclusion,
  type ExportRequest,
  type RequestDetails,
  type RequestItem,
  type RequestWarning,
  type SitePolicy,
} from '@sallyport/contracts';
import { isExcluded } from './camera-exclusion.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A camera's remaining retention below this is shown to the approver. */
const RETENTION_WARNING_DAYS = 3;
/** A device's clock may run ahead by this much. */
const CLOCK_SKEW_MS = 5 * MINUTE_MS;

export interface KnownCamera {
  readonly cameraId: string;
  readonly retentionDays: number;
  readonly exclusion: CameraExclusion;
}

/** What the inside knows when a request arrives; everything the checks need, nothing they fetch. */
export interface AdmissionFacts {
  readonly siteId: string;
  readonly policy: SitePolicy;
  /** Cameras of the request that exist and are not removed, by id. */
  readonly cameras: ReadonlyMap<string, KnownCamera>;
  readonly requesterConfirmed: boolean;
  readonly recipientConfirmed: boolean;
  /** The same camera and range in an earlier request of the same officer that was neither refused nor ended. */
  readonly alreadyRequested: ReadonlySet<string>;
  readonly documentNumberUsedBefore: boolean;
  /** An item id of this request stands in another one already. */
  readonly itemIdsUsedBefore: boolean;
}

/**
 * Decides whether a verified request may enter review. Answers what an approver should notice.
 *
 * @throws SallyportError ERR_RECORD_AUDIENCE, ERR_RECORD_EXPIRED, ERR_REQUEST_REQUESTER,
 * ERR_REQUEST_RECIPIENT, ERR_REQUEST_PLEDGE, ERR_REQUEST_DOCUMENT_NUMBER, ERR_REQUEST_PLAY_PERIOD,
 * ERR_REQUEST_PLAYS, ERR_REQUEST_RANGE, ERR_REQUEST_RANGE_TOO_LONG, ERR_REQUEST_CAMERA_UNKNOWN,
 * ERR_REQUEST_CAMERA_EXCLUDED, ERR_REQUEST_DUPLICATE, ERR_REQUEST_RETENTION_PASSED
 */
export function admitRequest(
  request: ExportRequest,
  details: RequestDetails,
  facts: AdmissionFacts,
  now: Date,
): readonly RequestWarning[] {
  assertAddressed(request, facts.siteId, now);
  if (!facts.requesterConfirmed) throw new SallyportError('ERR_REQUEST_REQUESTER');
  if (!facts.recipientConfirmed) throw new SallyportError('ERR_REQUEST_RECIPIENT');
  assertTerms(details, facts.policy);
  assertDistinct(details.items, facts.itemIdsUsedBefore);
  const itemWarnings = details.items.flatMap((item) => checkItem(item, facts, now));
  const warnings = new Set<RequestWarning>(itemWarnings);
  if (facts.documentNumberUsedBefore) warnings.add('document-number-used-before');
  if (details.documentNumber === undefined) warnings.add('document-number-missing-emergency');
  if (details.recipientOfficerId !== request.officerId)
    warnings.add('recipient-differs-from-requester');
  if (details.maskExemption !== undefined) warnings.add('mask-exemption-asked');
  return [...warnings].sort();
}

function assertAddressed(request: ExportRequest, siteId: string, now: Date): void {
  if (request.siteId !== siteId) throw new SallyportError('ERR_RECORD_AUDIENCE');
  const expired = new Date(request.expiresAt) <= now;
  const fromTheFuture = new Date(request.at).getTime() > now.getTime() + CLOCK_SKEW_MS;
  if (!expired && !fromTheFuture && request.at < request.expiresAt) return;
  throw new SallyportError('ERR_RECORD_EXPIRED', {
    detail: { at: request.at, expiresAt: request.expiresAt },
  });
}

function assertTerms(details: RequestDetails, policy: SitePolicy): void {
  if (details.pledgeVersion !== policy.pledgeVersion) {
    throw new SallyportError('ERR_REQUEST_PLEDGE', { detail: { current: policy.pledgeVersion } });
  }
  if (details.kind !== 'emergency' && details.documentNumber === undefined) {
    throw new SallyportError('ERR_REQUEST_DOCUMENT_NUMBER');
  }
  const longest = details.thirdParty ? policy.thirdPartyPlayPeriodDays : policy.playPeriodDays;
  if (details.playPeriodDays > longest) {
    throw new SallyportError('ERR_REQUEST_PLAY_PERIOD', { detail: { longestDays: longest } });
  }
  const unlimited = policy.plays === 0;
  if (!unlimited && (details.plays === 0 || details.plays > policy.plays)) {
    throw new SallyportError('ERR_REQUEST_PLAYS', { detail: { most: policy.plays } });
  }
}

/** One request may not name one camera and moment twice, nor an item id that is taken. */
function assertDistinct(items: readonly RequestItem[], itemIdsUsedBefore: boolean): void {
  const ids = new Set(items.map(({ itemId }) => itemId));
  const ranges = new Set(items.map(rangeKey));
  if (!itemIdsUsedBefore && ids.size === items.length && ranges.size === items.length) return;
  throw new SallyportError('ERR_REQUEST_DUPLICATE', { detail: { within: 'this request' } });
}

function checkItem(item: RequestItem, facts: AdmissionFacts, now: Date): readonly RequestWarning[] {
  const { policy } = facts;
  const detail = { itemId: item.itemId, cameraId: item.cameraId };
  const range = { startsAt: new Date(item.startsAt), endsAt: new Date(item.endsAt) };
  const lengthMs = range.endsAt.getTime() - range.startsAt.getTime();
  // An impossible date is NaN and fails every comparison.
  if (!(lengthMs > 0) || !(range.endsAt <= now))
    throw new SallyportError('ERR_REQUEST_RANGE', { detail });
  if (lengthMs > policy.maximumClipMinutes * MINUTE_MS) {
    throw new SallyportError('ERR_REQUEST_RANGE_TOO_LONG', {
      detail: { ...detail, maximumMinutes: policy.maximumClipMinutes },
    });
  }
  const camera = facts.cameras.get(item.cameraId);
  if (camera === undefined) throw new SallyportError('ERR_REQUEST_CAMERA_UNKNOWN', { detail });
  if (isExcluded(camera.exclusion, range))
    throw new SallyportError('ERR_REQUEST_CAMERA_EXCLUDED', { detail });
  if (facts.alreadyRequested.has(rangeKey(item)))
    throw new SallyportError('ERR_REQUEST_DUPLICATE', { detail });
  const retainedUntilMs = range.startsAt.getTime() + camera.retentionDays * DAY_MS;
  if (retainedUntilMs <= now.getTime())
    throw new SallyportError('ERR_REQUEST_RETENTION_PASSED', { detail });
  const warnings: RequestWarning[] = [];
  if (lengthMs > policy.recommendedClipMinutes * MINUTE_MS)
    warnings.push('longer-than-recommended');
  if (retainedUntilMs - now.getTime() < RETENTION_WARNING_DAYS * DAY_MS)
    warnings.push('retention-ends-soon');
  return warnings;
}

/** Names a camera and a range; equal for equal ones. */
export function rangeKey(item: Pick<RequestItem, 'cameraId' | 'startsAt' | 'endsAt'>): string {
  return `${item.cameraId} ${item.startsAt} ${item.endsAt}`;
}
