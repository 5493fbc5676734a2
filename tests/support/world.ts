import type { PortalRequest, RequestDetails } from '@sallyport/contracts';
import {
  enrolDevice,
  logIn,
  randomId,
  signUp,
  submitRequest,
  waitFor,
  type ApiClient,
  type EnrolledDevice,
  type Pair,
  type Requester,
  type StoryClip,
  type StoryEnd,
} from '@sallyport/testkit';

/** What the parts of the path test share after the story has been told. */
export interface World {
  readonly directory: string;
  readonly pair: Pair;
  readonly clip: StoryClip;
  readonly end: StoryEnd;
  /** A second administrator of the control centre: the one that the installation text makes. */
  readonly secondAdministrator: ApiClient;
  /** The auditor of the DMZ. */
  readonly gatewayAuditor: ApiClient;
}

/** Request details that are in order; a test changes what it wants to be wrong. */
export function detailsFor(
  world: Pick<World, 'end' | 'clip'>,
  startsAt: Date,
  changes: Partial<RequestDetails> = {},
): RequestDetails {
  const { end, clip } = world;
  return {
    kind: 'export',
    caseNumber: '2026-형사-00456',
    caseName: '폭행 사건',
    incidentAt: startsAt.toISOString(),
    incidentAddress: '한빛시 새터길 9-3',
    legalBasis: 'pipa-18-2-7-investigation',
    reasonCode: 'violence',
    reasonDetail: '현장 확인',
    documentNumber: `형사과-${randomId().slice(0, 8)}`,
    items: [
      {
        itemId: randomId(),
        cameraId: end.cameraId,
        startsAt: startsAt.toISOString(),
        endsAt: new Date(startsAt.getTime() + clip.durationMs).toISOString(),
      },
    ],
    maskTargets: ['motion'],
    recipientOfficerId: end.requester.officerId,
    playPeriodDays: 90,
    plays: 2,
    thirdParty: false,
    pledgeVersion: 1,
    ...changes,
  };
}

/** A whole second some hours before now: ranges of different tests do not meet. */
export function hoursAgo(hours: number): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000 - hours * 3_600_000);
}

/** Submits by the story's officer and device. */
export function submitAs(
  { end }: Pick<World, 'end'>,
  details: RequestDetails,
  device: EnrolledDevice = end.device,
): Promise<PortalRequest> {
  const { client, officerId } = end.requester;
  return submitRequest(client, { officerId, device }, details, new Date());
}

/** Another officer of the same station, confirmed, with a device of their own. */
export async function enlistSecondOfficer(
  world: World,
): Promise<Requester & { readonly device: EnrolledDevice }> {
  const { pair, end } = world;
  const operator = end.staff.operator.client;
  const { account, officerId } = await signUp(pair.portalUrl, {
    login: 'other',
    stationName: '한빛경찰서',
    person: {
      name: '임꺽정',
      rank: '경사',
      department: '수사과',
      staffNumber: 'P-2002',
      phone: '010-1111-1111',
      email: 'other@example.invalid',
    },
  });
  await waitFor('the second sign-up inside', async () => {
    const { officers } = await operator.get<{ officers: readonly { officerId: string }[] }>(
      '/v1/officers',
    );
    return officers.some((officer) => officer.officerId === officerId) ? true : null;
  });
  await operator.send('POST', `/v1/officers/${officerId}/confirm`);
  const client = await logIn(pair.portalUrl, account);
  await waitFor('the second confirmation outside', async () => {
    const session = await client.get<{ account: { officer: { status: string } | null } }>(
      '/v1/session',
    );
    return session.account.officer?.status === 'confirmed' ? true : null;
  });
  const requester = { account, officerId, client };
  return { ...requester, device: await enrolDevice(requester, operator, '수사과 PC') };
}
