// test-limit: 1500 s
import t, { type Test } from 'tap';
import type { Page } from 'playwright-core';
import { compareControls, unknownEffects } from './check-page.ts';
import { CONTROLS } from './controls.ts';
import { findBarriers } from './find-barriers.ts';
import { noBrowser, openProfile, takePicture, type Profile } from './open-browser.ts';
import { listPages } from './pages.ts';
import { settle, visit, type Look } from './visit.ts';
import { walkApproval, walkReseal, walkReview } from './walk-console.ts';
import {
  logInThrough,
  walkDestruction,
  walkEnrolment,
  walkLockOut,
  walkPlay,
  walkRequest,
  walkSignUp,
} from './walk-portal.ts';
import { openWorld } from './world.ts';

const NARROW = 360;
const seen = new Set<string>();

t.test('every listed effect is a route, a page or a change of view', async (t) => {
  t.strictSame(unknownEffects(), []);
});

// The pair is real and takes a while to start, so all page tests share one.
t.test('the pages of both web apps', { skip: noBrowser, timeout: 1_450_000 }, async (t) => {
  const world = await openWorld();
  t.teardown(() => world.close());
  const { portalUrl } = world.pair;

  await t.test('every page does only what is listed and keeps nobody out', async (t) => {
    const look = lookFor(t);
    for (const which of listPages(world)) {
      await visit(world, which, async (page, profile) => {
        await look(page, which.name);
        keptToItself(t, profile, which.name);
      });
    }
  });

  await t.test('an officer signs up, enrols a device and asks for footage', async (t) => {
    const look = lookFor(t);
    const { portal, account } = await walkSignUp(world, look);
    await walkEnrolment(world, portal, '여성청소년과 1번 PC', look);
    const requestId = await walkRequest(world, portal, look);
    keptToItself(t, portal, 'the portal');
    await portal.context.close();
    const exportId = await walkApproval(world, requestId, look);
    t.match(exportId, /^[0-9a-f]{32}$/, 'approved with a key that lives in the browser');
    await walkReview(world, exportId, look);
    await walkLockOut(world, account.login, look);
  });

  await t.test(
    'footage sealed again for this device plays here and its end is confirmed',
    async (t) => {
      const look = lookFor(t);
      const cookie = await world.cookieOf('officer');
      const portal = await openProfile(world.browser, portalUrl, { cookie });
      const { page } = portal;
      await walkEnrolment(world, portal, '형사과 2번 PC', look);
      await page.goto(`/packages/${world.end.packageId}`);
      await page.getByText('이 영상은 다른 기기로 봉인되어').waitFor();
      await takePicture(page, 'portal-play-other-device');
      await walkReseal(world, look);
      const { currentTime, frames, overlay } = await walkPlay(world, portal, look);
      t.ok(currentTime > 1, `the picture moves: ${currentTime} s`);
      t.ok(frames > 10, `${frames} frames were shown`);
      t.equal(overlay, '홍길동', 'the name of the officer moves over the picture');
      await walkDestruction(portal, look);
      keptToItself(t, portal, 'the portal');
      await portal.context.close();
    },
  );

  await t.test('the portal fits a screen 360 pixels wide', async (t) => {
    for (const which of listPages(world).filter(({ app }) => app === 'portal')) {
      const measure = async (page: Page): Promise<void> => {
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        t.ok(width <= NARROW, `${which.name} is ${width} wide`);
        const right = await page
          .locator('header button:visible')
          .evaluateAll((buttons) => buttons.map((each) => each.getBoundingClientRect().right));
        t.ok(Math.max(...right) <= NARROW, `${which.name}: every button of the frame is in reach`);
        await takePicture(page, `${which.name} narrow`);
      };
      await visit(world, which, measure, { width: NARROW });
    }
  });

  await t.test('logs in with the keyboard alone, and speaks English when asked', async (t) => {
    const { context, page } = await openProfile(world.browser, portalUrl);
    await page.goto('/');
    await settle(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Log in to the footage portal' }).waitFor();
    t.equal(await page.locator('html').getAttribute('lang'), 'en', 'the page says its language');
    t.notMatch(await page.locator('#content').innerText(), /[가-힣]/, 'no Korean word is left');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '영상반출 포털 로그인' }).waitFor();
    await logInThrough(page, world.end.requester.account, 'keyboard');
    await page.getByRole('heading', { name: '내 현황' }).waitFor();
    await context.close();
  });

  t.strictSame(
    Object.keys(CONTROLS).filter((name) => !seen.has(name)),
    [],
    'every listed page and state was looked at',
  );
});

/** Controls as listed, no barriers in either theme, a picture of each. */
function lookFor(t: Test): Look {
  return async (page, name) => {
    seen.add(name);
    t.strictSame(await compareControls(page, name), [], `${name}: controls as listed`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      t.strictSame(await findBarriers(page), [], `${name}: no barriers, ${colorScheme}`);
      await takePicture(page, `${name} ${colorScheme}`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };
}

function keptToItself(t: Test, { foreign, complaints }: Profile, name: string): void {
  t.strictSame(foreign, [], `${name}: nothing was asked of another origin`);
  t.strictSame(complaints, [], `${name}: no script error, no violation of the policy`);
}
