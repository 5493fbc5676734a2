// One export from the chosen footage to the lane. Between two lines it rests in the database: every
// line is run by the role named beside it, as often as that takes, and ends in the state below it.
import { chooseFootage } from './choose-footage.ts';
import { detectExport } from './detect-export.ts';
import { editMasks, reviewMasks } from './review-masks.ts';
import { renderExport } from './render-export.ts';
import { draftRelease, recordRelease } from './release-export.ts';
import { sealExport } from './seal-export.ts';
import { sendPackage } from './send-package.ts';

export const runExport = {
  // acquiring: the request is approved, footage is missing
  /** 4 · api, an operator: fits the footage to the approved camera and time. */
  choose: chooseFootage,
  // transcoding, masking: original's digest compared, probed, figures found
  /** 5 · media. */
  detect: detectExport,
  // mask-review
  /** 6 · api, an operator: boxes added, figures shown with a reason; every change is a version. */
  edit: editMasks,
  review: reviewMasks,
  // watermarking: says `none (not built)`
  /** 7 · media: one pass decode, mask, encode; the clip checked against its plan. */
  render: renderExport,
  // release-approval
  /** 8 · api, another person: signs digests of footage, plan, clip and report. */
  draftRelease,
  recordRelease,
  // encrypting: both approvals verified again, every digest measured again
  /** 9 · seal. */
  seal: sealExport,
  // transferring: sent is not received; available only after the gateway's receipt
  /** 10 · send. */
  send: sendPackage,
} as const;
