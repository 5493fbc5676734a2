import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { repositoryRoot } from '../../boundaries/repository-root.ts';

const CHROMIUM = '/usr/bin/chromium';
/** What a sandboxed test machine needs; the last keeps the browser itself from calling out. */
const FLAGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'];

/** The reason to skip page tests, or false. */
export const noBrowser = existsSync(CHROMIUM) ? false : `${CHROMIUM} is missing`;

/** Starts Debian's Chromium without a window. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

export type Scheme = 'light' | 'dark';

/** One person's browser profile, with everything it asked for and everything it complained about. */
export interface Profile {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Addresses asked for that are not of the page's own origin. */
  readonly foreign: string[];
  /** Script errors and violations of the Content Security Policy. */
  readonly complaints: string[];
}

/** Opens a profile on one origin; `cookie` is a session made elsewhere. */
export async function openProfile(
  browser: Browser,
  origin: string,
  options: { cookie?: string | undefined; width?: number; scheme?: Scheme } = {},
): Promise<Profile> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: options.width ?? 1280, height: 800 },
    colorScheme: options.scheme ?? 'light',
    locale: 'ko-KR',
  });
  if (options.cookie !== undefined) {
    const [name = '', value = ''] = options.cookie.split(/=(.*)/s, 2);
    await context.addCookies([{ name, value, url: origin }]);
  }
  const foreign: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(blob|data):/.test(url)) foreign.push(url);
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return { context, page, foreign, complaints };
}

/** Keeps a picture for a person to look at. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = join(repositoryRoot, 'var', 'screenshots');
  await mkdir(folder, { recursive: true });
  await page.screenshot({
    path: join(folder, `${name.replaceAll(/\W+/g, '-')}.png`),
    fullPage: true,
  });
}
