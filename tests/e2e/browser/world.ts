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

/** The real pair after its first story, a browser, and everybody's session. */
export interface World {
  readonly pair: Pair;
  readonly end: StoryEnd;
  readonly browser: Browser;
  /** Somebody of the gateway's own staff. */
  readonly gateway: { readonly auditor: ApiClient; readonly administrator: ApiClient };
  close(): Promise<void>;
}

const CLIP_SECONDS = 6;

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
    const browser = await openBrowser();
    return {
      pair,
      end,
      browser,
      gateway: { auditor, administrator },
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

async function hireAtGateway(pair: Pair, role: 'auditor' | 'administrator'): Promise<ApiClient> {
  const login = `dmz-${role}`;
  const { activationCode } = await pair.gateway([
    ...['account', 'create', '--role', role, '--login', login],
    ...['--name', role, '--by', 'N-0001'],
  ]);
  const account: Account = await activate(pair.portalUrl, login, String(activationCode));
  return logIn(pair.portalUrl, account);
}
