import { createApiClient, currentCode, type Account } from '@sallyport/testkit';
import type { Page } from 'playwright-core';
import { openProfile, type Profile } from './open-browser.ts';
import { settle, type Look } from './visit.ts';
import { confirmDevice, confirmOfficer } from './walk-console.ts';
import type { World } from './world.ts';

const HALF_MINUTE_MS = 30_000;
/** The link, the database and the signing role each take their turn. */
const CROSSING = { timeout: 180_000 };
const PASSWORD = 'Zephyr-Kumquat-41-Anvil';

/**
 * A person fills in the log-in form, by mouse or by keyboard alone; a code that this half minute has
 * already used is tried again with the next one.
 */
export async function logInThrough(
  page: Page,
  account: Account,
  by: 'mouse' | 'keyboard' = 'mouse',
): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await (by === 'mouse' ? fillIn : typeIn)(page, account);
    const isIn = page.getByRole('button', { name: '로그아웃' });
    await isIn.or(page.getByRole('alert')).first().waitFor();
    if (await isIn.isVisible()) return;
    await page.waitForTimeout(HALF_MINUTE_MS - (Date.now() % HALF_MINUTE_MS) + 200);
  }
  throw new Error(`${account.login} could not log in`);
}

async function fillIn(page: Page, account: Account): Promise<void> {
  await page.getByLabel('아이디').fill(account.login);
  await page.getByLabel('비밀번호').first().fill(account.password);
  await page.getByLabel('인증번호 6자리').fill(currentCode(account.totpSecret));
  await page.getByRole('button', { name: '로그인', exact: true }).click();
}

/** Tab until the field is reached, type, and press Enter in the last one: no pointer. */
async function typeIn(page: Page, account: Account): Promise<void> {
  const values = {
    login: account.login,
    password: account.password,
    totp: currentCode(account.totpSecret),
  };
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (const [name, value] of Object.entries(values)) {
    await tabTo(page, name);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(value);
  }
  await page.keyboard.press('Enter');
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.getAttribute('name'))) === name) return;
  }
  throw new Error(`the keyboard does not reach the field ${name}`);
}

/** Sign-up in the browser → log in → an operator confirms in the console → the portal notices. */
export async function walkSignUp(
  world: World,
  look: Look,
): Promise<{ portal: Profile; account: Account }> {
  const portal = await openProfile(world.browser, world.pair.portalUrl);
  const { page } = portal;
  await page.goto('/');
  await page.getByRole('link', { name: '처음이면 회원가입' }).click();
  await choose(page, '소속 경찰서', '한빛경찰서');
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
  await look(page, 'portal signed up (nobody)');
  const [login = '', secret = ''] = await page.locator('pre').allTextContents();
  await page.getByRole('link', { name: '로그인으로 가기' }).click();
  const account = { login, password: PASSWORD, totpSecret: secret.replaceAll(' ', '') };
  await logInThrough(page, account);
  await page.getByText('관제센터의 확인을 기다리고 있습니다').waitFor();
  await look(page, 'portal home, not confirmed (officer)');
  await confirmOfficer(world, '성춘향', look);
  await page.getByRole('heading', { name: '내가 할 일' }).waitFor(CROSSING);
  await look(page, 'portal home, no device (officer)');
  return { portal, account };
}

/** Enrols the browser of a logged-in officer: keys, challenge, fingerprint by telephone, certificates. */
export async function walkEnrolment(
  world: World,
  portal: Profile,
  label: string,
  look: Look,
): Promise<void> {
  const { page } = portal;
  await page.goto('/device');
  await settle(page);
  await page.getByLabel('기기 이름').fill(label);
  await page.getByRole('button', { name: '이 기기 등록' }).click();
  await page.getByRole('heading', { name: /지문 비교 대기/ }).waitFor(CROSSING);
  const fingerprint = await page.locator('.fingerprint').innerText();
  await page.reload();
  await page.getByRole('heading', { name: /지문 비교 대기/ }).waitFor(CROSSING);
  await look(page, 'portal device, fingerprint (officer)');
  await confirmDevice(world, label, fingerprint, look);
  await page.getByRole('heading', { name: /등록됨/ }).waitFor(CROSSING);
}

/** Somebody new asks for the story's footage in the browser; answers the id of the request. */
export async function walkRequest(world: World, portal: Profile, look: Look): Promise<string> {
  const { page } = portal;
  const told = await world.end.staff.operator.client.get<{ startsAt: string; endsAt: string }>(
    `/v1/exports/${world.end.exportId}`,
  );
  await page.goto('/requests/new');
  await settle(page);
  await page.getByRole('button', { name: '서명하고 신청' }).click();
  await page.getByRole('alert').filter({ hasText: '선택된 카메라가 없습니다' }).waitFor();
  await look(page, 'portal new request, form (officer)');
  await page.getByLabel('사건번호').fill('2026-형사-00456');
  await page.getByLabel('사건명').fill('재물손괴');
  await page.getByLabel('발생일시 (한국시간)').fill(toKoreanInput(told.startsAt));
  await page.getByLabel('발생주소').fill('한빛시 중앙로 12');
  await choose(page, '법적 근거', /18②7/);
  await choose(page, '신청사유', '수사');
  await page.getByLabel('신청사유 상세').fill('가해 차량의 진행 방향을 확인하기 위함');
  await page.getByLabel('전자문서번호').fill(`형사과-${Date.now() % 100_000}`);
  await choose(page, '카메라', /중앙공원 03/);
  await page.getByLabel('시작 (한국시간)').fill(toKoreanInput(told.startsAt));
  await page.getByLabel('종료 (한국시간)').fill(toKoreanInput(told.endsAt));
  await page.getByText(/보관기간이 \d+일 남았습니다/).waitFor();
  await page.getByLabel('위 서약을 모두 읽었고 동의합니다').check();
  await page.getByRole('button', { name: '서명하고 신청' }).click();
  await page.waitForURL(/\/requests\/[0-9a-f]{32}$/);
  await page.getByRole('heading', { level: 1, name: /검토중/ }).waitFor(CROSSING);
  await page.getByText('2026-형사-00456 · 재물손괴').waitFor();
  await look(page, 'portal request, under review (officer)');
  return new URL(page.url()).pathname.replace('/requests/', '');
}

/** Opens what was sealed for this browser, plays it, and answers what the picture did. */
export async function walkPlay(
  world: World,
  portal: Profile,
  look: Look,
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
  await page.getByRole('button', { name: '열람 시작' }).waitFor();
  await look(page, 'portal play, ready (officer)');
  await page.getByRole('button', { name: '열람 시작' }).click();
  const video = page.getByLabel('열람 영상');
  await page.waitForFunction(
    () => (document.querySelector('video')?.currentTime ?? 0) > 1.2,
    null,
    CROSSING,
  );
  const shown = await video.evaluate((element: HTMLVideoElement) => ({
    currentTime: element.currentTime,
    frames: element.getVideoPlaybackQuality().totalVideoFrames,
  }));
  await look(page, 'portal play, playing (officer)');
  const overlay = await page.locator('.player > div[aria-hidden]').innerText();
  return { ...shown, overlay };
}

/** Ends playback, then confirms the destruction with this device's signature. */
export async function walkDestruction(portal: Profile, look: Look): Promise<void> {
  const { page } = portal;
  await page.getByText('모든 조각의 검증이 끝났습니다').waitFor(CROSSING);
  await page.getByRole('button', { name: '열람 끝내기' }).click();
  await page.getByText('열람을 끝냈습니다').waitFor();
  await page.getByRole('button', { name: '파기 확인' }).click();
  await look(page, 'portal confirm destruction (dialog)');
  await page.getByRole('dialog').getByRole('button', { name: '파기 확인' }).click();
  await page.getByText(/파기를 확인했습니다/).waitFor();
}

/** Somebody guesses at an account until it is locked; the gateway's administrator unlocks it. */
export async function walkLockOut(world: World, login: string, look: Look): Promise<void> {
  const guess = { login, password: 'not the password', totp: '000000' };
  for (let tries = 0; tries < 12; tries += 1) {
    await createApiClient(world.pair.portalUrl)
      .login(guess)
      .catch(() => undefined); // a refusal is what a guess gets
  }
  const cookie = await world.cookieOf('dmz-administrator');
  const { context, page } = await openProfile(world.browser, world.pair.portalUrl, { cookie });
  await page.goto('/accounts');
  const unlock = page.getByRole('button', { name: `${login} 잠김 풀기` });
  await unlock.waitFor();
  await look(page, 'portal accounts, one locked (dmz-administrator)');
  await unlock.click();
  await unlock.waitFor({ state: 'detached' });
  await context.close();
}

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
}

/** A moment as a `datetime-local` input in Korean time holds it. */
function toKoreanInput(utc: string): string {
  return new Date(Date.parse(utc) + 9 * 3_600_000).toISOString().slice(0, 19);
}
