import { currentCode, type Account } from '@sallyport/testkit';
import type { Page } from 'playwright-core';
import { openProfile, takePicture, type Profile } from './open-browser.ts';
import { settle } from './visit.ts';
import type { World } from './world.ts';

const HALF_MINUTE_MS = 30_000;
/** The link, the database and the signing role each take their turn. */
const CROSSING = { timeout: 60_000 };
const PASSWORD = 'Zephyr-Kumquat-41-Anvil';

/** A person fills in the log-in form; a code that this half minute has already used is tried again. */
export async function logInThrough(page: Page, account: Account): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await page.getByLabel('아이디').fill(account.login);
    await page.getByLabel('비밀번호').first().fill(account.password);
    await page.getByLabel('인증번호 6자리').fill(currentCode(account.totpSecret));
    await page.getByRole('button', { name: '로그인', exact: true }).click();
    const isIn = page.getByRole('button', { name: '로그아웃' });
    await isIn.or(page.getByRole('alert')).first().waitFor();
    if (await isIn.isVisible()) return;
    await page.waitForTimeout(HALF_MINUTE_MS - (Date.now() % HALF_MINUTE_MS) + 200);
  }
  throw new Error(`${account.login} could not log in`);
}

/** Sign-up in the browser → log in → an operator confirms in the console → the portal notices. */
export async function walkSignUp(world: World): Promise<Profile> {
  const portal = await openProfile(world.browser, world.pair.portalUrl);
  const { page } = portal;
  await page.goto('/');
  await page.getByRole('link', { name: '처음이면 회원가입' }).click();
  await page.getByLabel('소속 경찰서').click();
  await page.getByRole('option', { name: '한빛경찰서' }).click();
  const person = {
    이름: '성춘향',
    계급: '경사',
    부서: '여성청소년과',
    직원번호: 'P-2002',
    전화번호: '010-0000-0001',
    이메일: 'second@example.invalid',
  };
  for (const [label, value] of Object.entries(person)) {
    await page.getByRole('textbox', { name: label, exact: true }).fill(value);
  }
  await page.getByLabel('원하는 아이디').fill('second');
  await page.getByLabel('새 비밀번호').first().fill(PASSWORD);
  await page.getByRole('button', { name: '가입 신청' }).click();
  await page.getByRole('heading', { name: '가입 신청이 접수되었습니다' }).waitFor();
  await takePicture(page, 'portal-sign-up-done');
  const [login = '', secret = ''] = await page.locator('code').allTextContents();
  await page.getByRole('link', { name: '로그인으로 가기' }).click();
  const account = { login, password: PASSWORD, totpSecret: secret.replaceAll(' ', '') };
  await logInThrough(page, account);
  await page.getByText('관제센터의 확인을 기다리고 있습니다').waitFor();
  await takePicture(page, 'portal-waiting');
  await confirmInConsole(world, async (console) => {
    const row = console.getByRole('row').filter({ hasText: '성춘향' });
    await row.getByRole('button', { name: '확인' }).click();
    await takePicture(console, 'console-confirm-officer');
    await console.getByRole('dialog').getByRole('button', { name: '확인' }).click();
  });
  await page.getByRole('heading', { name: '내가 할 일' }).waitFor(CROSSING);
  return portal;
}

/** Enrols the browser of a logged-in officer: keys, challenge, fingerprint by telephone, certificates. */
export async function walkEnrolment(world: World, portal: Profile, label: string): Promise<void> {
  const { page } = portal;
  await page.goto('/device');
  await settle(page);
  await page.getByLabel('기기 이름').fill(label);
  await page.getByRole('button', { name: '이 기기 등록' }).click();
  await page.getByRole('heading', { name: /지문 비교 대기/ }).waitFor(CROSSING);
  const fingerprint = await page.locator('.fingerprint').innerText();
  await page.reload();
  await page.getByRole('heading', { name: /지문 비교 대기/ }).waitFor(CROSSING);
  await takePicture(page, 'portal-fingerprint');
  await confirmInConsole(world, async (console) => {
    const row = console.getByRole('row').filter({ hasText: label });
    await row.getByRole('button', { name: '확인' }).click(CROSSING);
    // The operator types what the officer reads out.
    await console.getByRole('dialog').getByRole('textbox').fill(fingerprint);
    await takePicture(console, 'console-confirm-device');
    await console.getByRole('dialog').getByRole('button', { name: '확인' }).click();
  });
  await page.getByRole('heading', { name: /등록됨/ }).waitFor(CROSSING);
}

/** The operator seals the story's export again, now for every device its recipient has. */
export async function walkReseal(world: World): Promise<void> {
  const { staff, exportId } = world.end;
  const cookie = staff.operator.client.sessionHeaders()['cookie'];
  const { context, page } = await openProfile(world.browser, world.pair.consoleUrl, { cookie });
  await page.goto(`/exports/${exportId}`);
  await page.getByRole('button', { name: '다시 봉인' }).first().click();
  await takePicture(page, 'console-reseal');
  await page.getByRole('dialog').getByRole('button', { name: '다시 봉인' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await context.close();
}

/** Somebody new asks for footage in the browser; answers the address of the request's page. */
export async function walkRequest(portal: Profile): Promise<string> {
  const { page } = portal;
  await page.goto('/requests/new');
  await settle(page);
  await page.getByRole('button', { name: '서명하고 신청' }).click();
  await page.getByRole('alert').filter({ hasText: '선택된 카메라가 없습니다' }).waitFor();
  await takePicture(page, 'portal-new-request-faults');
  const range = koreanMinutesAgo(90, 85);
  await page.getByLabel('사건번호').fill('2026-형사-00456');
  await page.getByLabel('사건명').fill('재물손괴');
  await page.getByLabel('발생일시 (한국시간)').fill(range.from);
  await page.getByLabel('발생주소').fill('한빛시 중앙로 12');
  await choose(page, '법적 근거', /18②7/);
  await choose(page, '신청사유', '수사');
  await page.getByLabel('신청사유 상세').fill('가해 차량의 진행 방향을 확인하기 위함');
  await page.getByLabel('전자문서번호').fill(`형사과-${Date.now() % 100_000}`);
  await choose(page, '카메라', /중앙공원 03/);
  await page.getByLabel('시작 (한국시간)').fill(range.from);
  await page.getByLabel('종료 (한국시간)').fill(range.to);
  await page.getByText(/보관기간이 \d+일 남았습니다/).waitFor();
  await page.getByLabel('위 서약을 모두 읽었고 동의합니다').check();
  await takePicture(page, 'portal-new-request');
  await page.getByRole('button', { name: '서명하고 신청' }).click();
  await page.waitForURL(/\/requests\/[0-9a-f]{32}$/);
  await page.getByRole('heading', { level: 1, name: /검토중/ }).waitFor(CROSSING);
  await page.getByText('2026-형사-00456 · 재물손괴').waitFor();
  await takePicture(page, 'portal-request-under-review');
  return new URL(page.url()).pathname;
}

/** Opens what was sealed for this browser, plays it, and answers what the picture did. */
export async function walkPlay(
  world: World,
  portal: Profile,
): Promise<{ currentTime: number; frames: number; overlay: string }> {
  const { page } = portal;
  await page.goto(`/requests/${world.end.requestId}`);
  // The old package gives way to the new one as soon as that is whole and verified here.
  const link = page.getByRole('link', { name: '영상 열기' });
  await link.waitFor(CROSSING);
  await page
    .locator(`a[href="/packages/${world.end.packageId}"]`)
    .waitFor({ state: 'detached', ...CROSSING });
  await link.first().click();
  await page.getByRole('button', { name: '열람 시작' }).click();
  const video = page.getByLabel('열람 영상');
  await page.waitForFunction(
    () => (document.querySelector('video')?.currentTime ?? 0) > 1.2,
    null,
    CROSSING,
  );
  await takePicture(page, 'portal-playing');
  const shown = await video.evaluate((element: HTMLVideoElement) => ({
    currentTime: element.currentTime,
    frames: element.getVideoPlaybackQuality().totalVideoFrames,
  }));
  const overlay = await page.locator('.player > div[aria-hidden]').innerText();
  return { ...shown, overlay };
}

/** Ends playback, then confirms the destruction with this device's signature. */
export async function walkDestruction(portal: Profile): Promise<void> {
  const { page } = portal;
  await page.getByText('모든 조각의 검증이 끝났습니다').waitFor(CROSSING);
  await page.getByRole('button', { name: '열람 끝내기' }).click();
  await page.getByText('열람을 끝냈습니다').waitFor();
  await page.getByRole('button', { name: '파기 확인' }).click();
  await takePicture(page, 'portal-confirm-destruction');
  await page.getByRole('dialog').getByRole('button', { name: '파기 확인' }).click();
  await page.getByText(/파기를 확인했습니다/).waitFor();
}

async function confirmInConsole(world: World, act: (page: Page) => Promise<void>): Promise<void> {
  const cookie = world.end.staff.operator.client.sessionHeaders()['cookie'];
  const { context, page } = await openProfile(world.browser, world.pair.consoleUrl, { cookie });
  await page.goto('/people');
  await act(page);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await context.close();
}

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page
    .getByRole('textbox', { name: label, exact: true })
    .or(page.getByRole('combobox', { name: label, exact: true }))
    .first()
    .click();
  await page.getByRole('option', { name: option }).click();
}

/** Two moments before now, as a `datetime-local` input in Korean time holds them. */
function koreanMinutesAgo(from: number, to: number): { from: string; to: string } {
  const at = (minutes: number): string =>
    new Date(Date.now() - minutes * 60_000 + 9 * 3_600_000).toISOString().slice(0, 19);
  return { from: at(from), to: at(to) };
}
