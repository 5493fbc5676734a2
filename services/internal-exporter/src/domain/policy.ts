import type { PolicyEntry, SitePolicy } from '@sallyport/contracts';

/** 개인정보보호서약 as it is shown to a requester; a site may replace it with its own text. */
const PLEDGE_TEXT = [
  '제공받은 영상정보는 신청한 목적으로만 이용하고, 다른 사람에게 다시 제공하지 않겠습니다.',
  '열람기간이 끝나거나 목적을 이룬 때에는 지체 없이 파기하고 그 결과를 등록하겠습니다.',
  '영상정보가 유출되지 않도록 안전하게 관리하며, 위반하면 관계 법령에 따른 책임을 지겠습니다.',
].join('\n');

/** What holds until an administrator changes it; the numbers are those seen in the field. */
export const DEFAULT_POLICY: SitePolicy = {
  recommendedClipMinutes: 10,
  maximumClipMinutes: 60,
  requestValidDays: 14,
  playPeriodDays: 90,
  thirdPartyPlayPeriodDays: 180,
  plays: 50,
  pledgeVersion: 1,
  pledgeText: PLEDGE_TEXT,
  approvalPolicy: 'three-person',
  footageRetentionDays: 30,
  keepDaysAfterPlay: 30,
  approvalValidDays: 14,
  maskStyle: 'mosaic',
  maskTargets: [],
};

/** The part of the policy that requesters are told. */
export function toPolicyEntry(policy: SitePolicy): PolicyEntry {
  return {
    recommendedClipMinutes: policy.recommendedClipMinutes,
    maximumClipMinutes: policy.maximumClipMinutes,
    requestValidDays: policy.requestValidDays,
    playPeriodDays: policy.playPeriodDays,
    thirdPartyPlayPeriodDays: policy.thirdPartyPlayPeriodDays,
    plays: policy.plays,
    pledgeVersion: policy.pledgeVersion,
    pledgeText: policy.pledgeText,
  };
}

/** A changed pledge text is a new version, so that every acceptance names the text it accepted. */
export function changedPolicy(known: SitePolicy, wanted: SitePolicy): SitePolicy {
  const pledgeVersion = known.pledgeVersion + (known.pledgeText === wanted.pledgeText ? 0 : 1);
  return { ...wanted, pledgeVersion };
}
