import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  activate,
  createHops,
  logIn,
  makeClip,
  openPair,
  tellStory,
  type Account,
  type ApiClient,
  type Pair,
  type StoryEnd,
} from '@sallyport/testkit';
import type { Browser } from 'playwright-core';
import { openBrowser } from './open-browser.ts';

/** Everybody who uses a page, under the word the page list calls them. */
export type Person =
  | 'nobody'
  | 'operator'
  | 'approver'
  | 'administrator'
  | 'auditor'
  | 'officer'
  | 'dmz-auditor'
  | 'dmz-administrator';

/** The real pair after its first story, a browser, and everybody's session. */
export interface World {
  readonly pair: Pair;
  readonly end: StoryEnd;
  readonly browser: Browser;
  /** Session cookie of one person; sessions are short-lived, so it logs in again where it must. */
  cookieOf(person: Person): Promise<string | undefined>;
  close(): Promise<void>;
}

const CLIP_SECONDS = 6;

interface Member {
  readonly account: Account;
  readonly client: ApiClient;
}

/** Starts both zones, carries one clip through, hires the gateway's staff. Takes about a minute. */
export async function openWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-pages-'));
  // PostgreSQL runs as a user of its own and must pass through to its folder.
  await chmod(directory, 0o711);
  const models = process.env['SALLYPORT_MODELS'];
  const pair = await openPair({ directory, ...(models === undefined ? {} : { models }) });
  try {
    const file = join(directory, 'clip.mp4');
    await makeClip(file, { seconds: CLIP_SECONDS });
    const clip = { file, durationMs: CLIP_SECONDS * 1000 };
    const end = await tellStory(
      pair,
      createHops(() => undefined),
      clip,
      { hasFaceModel: models !== undefined },
    );
    const [auditor, administrator] = await Promise.all([
      hireAtGateway(pair, 'auditor'),
      hireAtGateway(pair, 'administrator'),
    ]);
    const { staff, requester } = end;
    const members: Record<Exclude<Person, 'nobody'>, Member> = {
      operator: staff.operator,
      approver: staff.requestApprover,
      administrator: staff.administrator,
      auditor: staff.auditor,
      officer: requester,
      'dmz-auditor': auditor,
      'dmz-administrator': administrator,
    };
    const browser = await openBrowser();
    return {
      pair,
      end,
      browser,
      async cookieOf(person) {
        if (person === 'nobody') return undefined;
        const member = members[person];
        const alive = await member.client.get('/v1/session').then(
          () => true,
          () => false,
        );
        const { account, client } = member;
        if (!alive) members[person] = { account, client: await logIn(client.baseUrl, account) };
        return members[person].client.sessionHeaders()['cookie'];
      },
      async close() {
        await browser.close();
        await pair.stop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await pair.stop();
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function hireAtGateway(pair: Pair, role: 'auditor' | 'administrator'): Promise<Member> {
  const login = `dmz-${role}`;
  const { activationCode } = await pair.gateway([
    ...['account', 'create', '--role', role, '--login', login],
    ...['--name', role, '--by', 'N-0001'],
  ]);
  const account: Account = await activate(pair.portalUrl, login, String(activationCode));
  return { account, client: await logIn(pair.portalUrl, account) };
}
