import type { Page } from 'playwright-core';
import { openProfile } from './open-browser.ts';
import type { Look } from './visit.ts';
import type { Person, World } from './world.ts';

/** The link, the database and the media pass each take their turn. */
const CROSSING = { timeout: 180_000 };
const RENDERING = { timeout: 500_000 };

/** An operator confirms who has signed up. */
export async function confirmOfficer(world: World, name: string, look: Look): Promise<void> {
  await as(world, 'operator', '/people', async (page) => {
    const row = page.getByRole('row').filter({ hasText: name });
    await row.getByRole('button', { name: '확인' }).waitFor(CROSSING);
    await look(page, 'console people, one signed up (operator)');
    await row.getByRole('button', { name: '확인' }).click();
    await look(page, 'console confirm officer (dialog)');
    await confirmDialog(page, '확인');
  });
}

/** An operator compares the fingerprint that the officer reads out, by typing it. */
export async function confirmDevice(
  world: World,
  label: string,
  fingerprint: string,
  look: Look,
): Promise<void> {
  await as(world, 'operator', '/people', async (page) => {
    const row = page.getByRole('row').filter({ hasText: label });
    await row.getByRole('button', { name: '확인' }).waitFor(CROSSING);
    await look(page, 'console people, device to compare (operator)');
    await row.getByRole('button', { name: '확인' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(fingerprint);
    await look(page, 'console confirm device (dialog)');
    await confirmDialog(page, '확인');
  });
}

/** The operator seals the story's export again, now for every device its recipient has. */
export async function walkReseal(world: World, look: Look): Promise<void> {
  await as(world, 'operator', `/exports/${world.end.exportId}`, async (page) => {
    await page.getByRole('button', { name: '다시 봉인' }).click();
    await look(page, 'console seal again (dialog)');
    await confirmDialog(page, '수령자의 새 기기용으로 다시 봉인');
  });
}

/**
 * An approver makes a key in the browser, an administrator certifies it, and the request is approved
 * with it; answers the export that comes of it.
 */
export async function walkApproval(world: World, requestId: string, look: Look): Promise<string> {
  await as(world, 'approver', '/approver-key', async (approver) => {
    await approver.getByRole('button', { name: '이 브라우저에 새 서명키 만들기' }).click();
    const row = approver.getByRole('row').filter({ hasText: '확인 대기' });
    const fingerprint = await row.locator('code').innerText();
    await as(world, 'administrator', '/accounts', async (page) => {
      await page
        .getByRole('row')
        .filter({ hasText: '확인 대기' })
        .getByRole('button', { name: '확인' })
        .click();
      await page.getByRole('dialog').getByRole('textbox').fill(fingerprint);
      await look(page, 'console certify approver key (dialog)');
      await confirmDialog(page, '확인');
    });
    await row.waitFor({ state: 'detached', ...CROSSING });
    await approver.goto(`/requests/${requestId}`);
    await approver.getByRole('button', { name: '승인 서명' }).waitFor();
    await look(approver, 'console request, to approve (approver)');
    await approver.getByRole('button', { name: '반려' }).click();
    await look(approver, 'console reject (dialog)');
    await approver.keyboard.press('Escape');
    await approver.getByRole('button', { name: '승인 서명' }).click();
    await look(approver, 'console approve (dialog)');
    await confirmDialog(approver, '승인 서명');
  });
  return as(world, 'operator', `/requests/${requestId}`, async (page) => {
    const link = page.getByRole('link', { name: '중앙공원 03' });
    const address = await link.getAttribute('href', CROSSING);
    return address?.replace('/exports/', '') ?? '';
  });
}

/** The operator chooses the footage, looks at what was found, signs the review off; then it waits for release. */
export async function walkReview(world: World, exportId: string, look: Look): Promise<void> {
  await as(world, 'operator', `/exports/${exportId}`, async (page) => {
    await page.getByRole('radio').first().check(CROSSING);
    await look(page, 'console export, footage to choose (operator)');
    await page.getByRole('button', { name: '이 영상으로 처리 시작' }).click();
    await page.getByRole('button', { name: '검수 완료' }).waitFor(RENDERING);
    await look(page, 'console export, masks to review (operator)');
    await page.getByRole('button', { name: '검수 완료' }).click();
    await look(page, 'console review done (dialog)');
    await confirmDialog(page, '검수 완료');
  });
  await as(world, 'approver', `/exports/${exportId}`, async (page) => {
    await page.getByRole('button', { name: '반출 승인 서명' }).waitFor(RENDERING);
    await look(page, 'console export, to release (approver)');
    await page.getByRole('button', { name: '반출 승인 서명' }).click();
    await look(page, 'console release (dialog)');
  });
}

async function as<T>(
  world: World,
  who: Person,
  path: string,
  act: (page: Page) => Promise<T>,
): Promise<T> {
  const cookie = await world.cookieOf(who);
  const { context, page } = await openProfile(world.browser, world.pair.consoleUrl, { cookie });
  try {
    await page.goto(path);
    return await act(page);
  } finally {
    await context.close();
  }
}

/** Presses the dialog's own button; the dialog closes once the service has confirmed the act. */
async function confirmDialog(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}
