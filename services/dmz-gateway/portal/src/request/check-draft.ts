import type { PolicyEntry, PortalCameras } from '@sallyport/contracts';
import { fromKoreanInput } from '@sallyport/ui';
import type { Draft, DraftItem } from './draft.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MOST_ITEMS = 50;

/** What the form checks against. */
export interface DraftFacts {
  readonly policy: PolicyEntry;
  readonly cameras: PortalCameras['cameras'];
  /** `camera start end` of earlier requests that this device can read and that have not ended. */
  readonly alreadyRequested: ReadonlySet<string>;
}

/** One fault: the field it stands at, the word key that names it, and its numbers. */
export interface Fault {
  readonly field: string;
  readonly word: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Every fault of the form, in the order of its fields; the control centre checks all of it again. */
export function checkDraft(draft: Draft, facts: DraftFacts, now: Date): readonly Fault[] {
  const { policy } = facts;
  const faults: (Fault | false)[] = [
    draft.caseNumber.trim() === '' && missing('caseNumber'),
    draft.caseName.trim() === '' && missing('caseName'),
    fromKoreanInput(draft.incidentAt) === null && missing('incidentAt'),
    draft.incidentAddress.trim() === '' && missing('incidentAddress'),
    draft.legalBasis === null && missing('legalBasis'),
    draft.legalBasis === 'pipa-18-2-2-statute' &&
      draft.legalArticle.trim() === '' &&
      missing('legalArticle'),
    draft.reasonCode === null && missing('reasonCode'),
    draft.reasonDetail.trim() === '' && missing('reasonDetail'),
    draft.kind !== 'emergency' &&
      draft.documentNumber.trim() === '' && { field: 'documentNumber', word: 'fault.document' },
    ...checkItems(draft, facts, now),
    draft.maskTargets.length === 0 && { field: 'maskTargets', word: 'fault.mask-targets' },
    draft.otherRecipient !== null &&
      !/^[0-9a-f]{32}$/.test(draft.otherRecipient) && {
        field: 'otherRecipient',
        word: 'fault.recipient',
      },
    ...checkTerms(draft, policy),
    !draft.pledged && { field: 'pledged', word: 'fault.pledge' },
  ];
  return faults.filter((fault) => fault !== false);
}

function checkTerms(draft: Draft, policy: PolicyEntry): (Fault | false)[] {
  const days = draft.thirdParty ? policy.thirdPartyPlayPeriodDays : policy.playPeriodDays;
  const badPeriod = !Number.isInteger(draft.playPeriodDays) || draft.playPeriodDays < 1;
  const badPlays = !Number.isInteger(draft.plays) || draft.plays < 0;
  const tooMany = policy.plays !== 0 && (draft.plays === 0 || draft.plays > policy.plays);
  return [
    (badPeriod || draft.playPeriodDays > days) && {
      field: 'playPeriodDays',
      word: 'fault.play-period',
      values: { days },
    },
    (badPlays || tooMany) && {
      field: 'plays',
      word: 'fault.plays',
      values: { plays: policy.plays },
    },
  ];
}

function checkItems(draft: Draft, facts: DraftFacts, now: Date): Fault[] {
  const { items } = draft;
  if (!items.some(({ cameraId }) => cameraId !== null)) {
    return [{ field: 'item.0.camera', word: 'fault.no-camera' }];
  }
  const ranges = items.flatMap((item) => splitItem(item, facts.policy.maximumClipMinutes));
  const faults = items.flatMap((item, index) => checkItem(item, index, items, facts, now));
  if (ranges.length > MOST_ITEMS) {
    faults.push({ field: 'item.0.camera', word: 'fault.too-many', values: { most: MOST_ITEMS } });
  }
  return faults;
}

function checkItem(
  item: DraftItem,
  index: number,
  items: readonly DraftItem[],
  facts: DraftFacts,
  now: Date,
): Fault[] {
  const at = (field: string, word: string): Fault => ({ field: `item.${index}.${field}`, word });
  const camera = facts.cameras.find(({ cameraId }) => cameraId === item.cameraId);
  if (camera === undefined) return [at('camera', 'fault.no-camera')];
  if (camera.excluded) return [at('camera', 'fault.excluded')];
  const [start, end] = [fromKoreanInput(item.startsAt), fromKoreanInput(item.endsAt)];
  if (start === null) return [at('startsAt', 'fault.required')];
  if (end === null) return [at('endsAt', 'fault.required')];
  if (start >= end) return [at('endsAt', 'fault.range')];
  if (new Date(end) > now) return [at('endsAt', 'fault.future')];
  if ((retentionDaysLeft(item, camera.retentionDays, now) ?? 0) <= 0) {
    return [at('startsAt', 'fault.retention')];
  }
  const key = rangeKey(camera.cameraId, start, end);
  const twice = items.slice(0, index).some((other) => draftKey(other) === key);
  if (twice || facts.alreadyRequested.has(key)) return [at('camera', 'fault.already')];
  return [];
}

/** Days until the recording is overwritten; not above 0 once it is; null without a start. */
export function retentionDaysLeft(
  item: DraftItem,
  retentionDays: number,
  now: Date,
): number | null {
  const start = fromKoreanInput(item.startsAt);
  if (start === null) return null;
  return Math.ceil((Date.parse(start) + retentionDays * DAY_MS - now.getTime()) / DAY_MS);
}

/** The length of a range in minutes; null while it is incomplete or runs backwards. */
export function minutesOf(item: DraftItem): number | null {
  const [start, end] = [fromKoreanInput(item.startsAt), fromKoreanInput(item.endsAt)];
  if (start === null || end === null || start >= end) return null;
  return (Date.parse(end) - Date.parse(start)) / MINUTE_MS;
}

/** A range longer than the site's longest clip becomes several, one after the other. */
export function splitItem(
  item: DraftItem,
  maximumMinutes: number,
): { startsAt: string; endsAt: string }[] {
  const [start, end] = [fromKoreanInput(item.startsAt), fromKoreanInput(item.endsAt)];
  if (start === null || end === null || start >= end) return [];
  const ranges: { startsAt: string; endsAt: string }[] = [];
  const last = Date.parse(end);
  for (let from = Date.parse(start); from < last; from += maximumMinutes * MINUTE_MS) {
    const to = Math.min(last, from + maximumMinutes * MINUTE_MS);
    ranges.push({ startsAt: new Date(from).toISOString(), endsAt: new Date(to).toISOString() });
    if (ranges.length > MOST_ITEMS) break;
  }
  return ranges;
}

/** Names a camera and a range; equal for equal ones. */
export function rangeKey(cameraId: string, startsAt: string, endsAt: string): string {
  return `${cameraId} ${startsAt} ${endsAt}`;
}

function draftKey(item: DraftItem): string {
  const [start, end] = [fromKoreanInput(item.startsAt), fromKoreanInput(item.endsAt)];
  return rangeKey(item.cameraId ?? '', start ?? '', end ?? '');
}

function missing(field: string): Fault {
  return { field, word: 'fault.required' };
}
