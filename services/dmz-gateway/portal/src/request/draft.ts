import type {
  LEGAL_BASES,
  MaskTarget,
  PolicyEntry,
  REASON_CODES,
  REQUEST_KINDS,
} from '@sallyport/contracts';
import { randomId } from '../random-id.ts';

export type RequestKind = (typeof REQUEST_KINDS)[number];
export type LegalBasis = (typeof LEGAL_BASES)[number];
export type ReasonCode = (typeof REASON_CODES)[number];

/** One camera and one range as they stand in the form; times are Korean, as the inputs hold them. */
export interface DraftItem {
  readonly itemId: string;
  readonly cameraId: string | null;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** The request form while it is being filled in. */
export interface Draft {
  readonly kind: RequestKind;
  readonly caseNumber: string;
  readonly caseName: string;
  readonly incidentAt: string;
  readonly incidentAddress: string;
  readonly legalBasis: LegalBasis | null;
  readonly legalArticle: string;
  readonly reasonCode: ReasonCode | null;
  readonly reasonDetail: string;
  readonly documentNumber: string;
  readonly items: readonly DraftItem[];
  readonly maskTargets: readonly MaskTarget[];
  readonly maskExemption: string;
  /** Null: the requester receives it. */
  readonly otherRecipient: string | null;
  readonly playPeriodDays: number;
  readonly plays: number;
  readonly thirdParty: boolean;
  readonly pledged: boolean;
}

/** An empty row of the item list. */
export function emptyItem(): DraftItem {
  return { itemId: randomId(), cameraId: null, startsAt: '', endsAt: '' };
}

/** A new form with the site's usual values. */
export function emptyDraft(policy: PolicyEntry): Draft {
  return {
    kind: 'export',
    caseNumber: '',
    caseName: '',
    incidentAt: '',
    incidentAddress: '',
    legalBasis: null,
    legalArticle: '',
    reasonCode: null,
    reasonDetail: '',
    documentNumber: '',
    items: [emptyItem()],
    maskTargets: ['face', 'motion'],
    maskExemption: '',
    otherRecipient: null,
    playPeriodDays: policy.playPeriodDays,
    plays: policy.plays,
    thirdParty: false,
    pledged: false,
  };
}
