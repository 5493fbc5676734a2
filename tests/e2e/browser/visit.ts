import type { Page } from 'playwright-core';
import { openProfile, type Profile, type Scheme } from './open-browser.ts';
import type { PageCase } from './pages.ts';
import type { World } from './world.ts';

/** Looks at a page in one of its states, under the name the list of controls knows it by. */
export type Look = (page: Page, name: string) => Promise<void>;

/** Opens one page in a profile of its own, runs `act` once the page has settled, closes the profile. */
export async function visit<T>(
  world: World,
  which: PageCase,
  act: (page: Page, profile: Profile) => Promise<T>,
  options: { width?: number; scheme?: Scheme } = {},
): Promise<T> {
  const origin = which.app === 'portal' ? world.pair.portalUrl : world.pair.consoleUrl;
  const cookie = await world.cookieOf(which.who);
  const profile = await openProfile(world.browser, origin, { ...options, cookie });
  try {
    await profile.page.goto(which.path);
    await settle(profile.page);
    return await act(profile.page, profile);
  } finally {
    await profile.context.close();
  }
}

/** A page is settled when it has its heading and shows no spinner. */
export async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' });
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined); // pages poll
}
