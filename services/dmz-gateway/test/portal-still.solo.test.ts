// A still image (이미지 반출) in the portal: sealed for a browser's own device, opened there, shown whole.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { servePortal } from '@sallyport/dmz-gateway/portal-site.js';
import { waitFor } from '@sallyport/testkit';
import { parse, PublicJwk } from '@sallyport/contracts';
import { chromium, type Page } from 'playwright-core';
import t from 'tap';
import {
  addStation,
  certifyDevice,
  challengeDevice,
  confirmedOfficer,
  type EnrolledKeys,
} from './support/client.ts';
import { startRig, type Rig } from './support/rig.ts';
import { makePackage } from './support/seal-fixture.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'];
const [WIDTH, HEIGHT] = [96, 64];
const PATIENCE = { timeout: 120_000 };
const SCREENSHOTS = join(import.meta.dirname, '../../../../var/screenshots');

const skip = existsSync(CHROMIUM) ? false : `${CHROMIUM} is missing`;
t.setTimeout(400_000);

t.test('a sealed still is shown as a picture', { skip, timeout: 380_000 }, async (t) => {
  const rig = await startRig(t);
  t.not(await servePortal(rig.server), null, 'the portal is built');
  await rig.importTrust();
  await rig.certifyGateway();
  await rig.receive();
  const { client, officerId } = await confirmedOfficer(rig, await addStation(rig));
  const origin = await rig.server.listen({ host: '127.0.0.1', port: 0 });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  t.teardown(() => browser.close());
  const context = await browser.newContext({ baseURL: origin, locale: 'ko-KR' });
  const [name = '', value = ''] = client.cookie.split(/=(.*)/s, 2);
  await context.addCookies([{ name, value, url: origin }]);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE.timeout);

  const device = await enrolBrowser(rig, page, officerId);
  const jpeg = await makeStill(join(rig.config.dataDir, 'still.jpg'));
  const sealed = await makePackage(rig.zone, {
    ...{ folder: rig.config.dataDir, gatewayId: rig.gatewayId, officerId, device },
    ...{ now: rig.clock(), still: { jpeg, width: WIDTH, height: HEIGHT } },
  });
  await rig.zone.sendPackage(rig.spool, sealed.packageId, sealed.path);
  await rig.zone.sendJws(rig.spool, await sealed.grant(await rig.agreementKey()));
  await rig.receive();

  await page.goto(`/packages/${sealed.packageId}`);
  await page.getByRole('button', { name: '열람 시작' }).click();
  const image = page.locator('.player img');
  await image.waitFor();
  await page.getByText('모든 조각의 검증이 끝났습니다').waitFor();
  const seen = await readPicture(page);
  t.same([seen.width, seen.height], [WIDTH, HEIGHT]);
  t.ok(isNear(seen.left, [200, 30, 30]), `red on the left: ${seen.left.join(' ')}`);
  t.ok(isNear(seen.right, [30, 60, 200]), `blue on the right: ${seen.right.join(' ')}`);
  t.equal(await image.getAttribute('alt'), '열람 이미지');
  t.equal(await page.locator('.player video').isVisible(), false, 'no empty player beside it');
  t.equal(await page.locator('.player > div[aria-hidden]').innerText(), '홍길동');
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, 'portal-still.png'), fullPage: true });

  await page.getByRole('button', { name: '열람 끝내기' }).click();
  await image.waitFor({ state: 'detached' });
  t.equal((await rig.events('playback.opened')).length, 1);
});

/** The page makes keys and proves them; this test stands in for the inside. */
async function enrolBrowser(rig: Rig, page: Page, officerId: string) {
  await page.goto('/device');
  await page.getByLabel('기기 이름').fill('형사과 2번');
  await page.getByRole('button', { name: '이 기기 등록' }).click();
  const row = await waitFor('the enrolment', () => rig.db.device.findFirst());
  const keys: EnrolledKeys = {
    deviceId: row.id,
    officerId,
    signingKey: parse(PublicJwk, row.signingKey),
    agreementKey: parse(PublicJwk, row.agreementKey),
  };
  await challengeDevice(rig, keys);
  await waitFor('the proof', () => rig.db.device.findFirst({ where: { state: 'proved' } }));
  const certificates = await certifyDevice(rig, keys);
  await page.getByRole('heading', { name: /등록됨/ }).waitFor();
  return certificates;
}

/** A red and a blue half, as a JPEG. */
async function makeStill(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const half = (colour: string) => [
    '-f',
    'lavfi',
    '-i',
    `color=${colour}:s=${WIDTH / 2}x${HEIGHT}`,
  ];
  const inputs = [...half('0xc81e1e'), ...half('0x1e3cc8')];
  const output = ['-filter_complex', 'hstack', '-frames:v', '1', '-q:v', '2', file];
  await promisify(execFile)('ffmpeg', ['-loglevel', 'error', '-y', ...inputs, ...output]);
  return new Uint8Array(await readFile(file));
}

/** Size and two pixels of the picture as the browser decoded it. */
function readPicture(page: Page) {
  return page.locator('.player img').evaluate((element: HTMLImageElement) => {
    const { naturalWidth: width, naturalHeight: height } = element;
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    context?.drawImage(element, 0, 0);
    const at = (x: number) => [...(context?.getImageData(x, height / 2, 1, 1).data ?? [])];
    return { width, height, left: at(width / 4), right: at((3 * width) / 4) };
  });
}

/** JPEG and colour conversion move a value by a few. */
function isNear(seen: readonly number[], wanted: readonly number[]): boolean {
  return wanted.every((channel, index) => Math.abs((seen[index] ?? -1) - channel) <= 24);
}
