import { PERMISSIONS as PORTAL_ROUTES } from '@sallyport/dmz-gateway/domain/permissions.js';
import { PERMISSIONS as CONSOLE_ROUTES } from '@sallyport/internal-exporter/config/permissions.js';
import type { Page } from 'playwright-core';
import { CONTROLS, FRAME, type Effects } from './controls.ts';
import { readControls } from './read-controls.ts';

const PATIENCE_MS = 12_000;

/** Every control the committed list names for a page: its own and those of the frame around it. */
export function listedControls(name: string): readonly string[] {
  const own = CONTROLS[name];
  if (own === undefined) throw new Error(`${name} is missing in controls.ts`);
  const [, app = '', who = ''] = /^(\w+) .*\(([\w-]+)\)$/.exec(name) ?? [];
  const frames = who === 'dialog' ? [] : ['every page', `${app} (${who})`];
  return [own, ...frames.map((frame) => FRAME[frame] ?? {})].flatMap((part) => Object.keys(part));
}

/** The page's controls against the list, once the page has come to rest; empty when they are equal. */
export async function compareControls(page: Page, name: string): Promise<readonly string[]> {
  const listed = listedControls(name);
  const within = name.endsWith('(dialog)') ? '[role="dialog"]' : 'body';
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await readControls(page, within);
    const differences = [
      ...found.filter((control) => !listed.includes(control)).map((each) => `not listed: ${each}`),
      ...listed.filter((control) => !found.includes(control)).map((each) => `not found: ${each}`),
    ];
    if (differences.length === 0 || Date.now() > until) return differences;
    await page.waitForTimeout(300);
  }
}

/** Listed effects that are neither a route of the service, nor a page, nor a mere change of view. */
export function unknownEffects(): readonly string[] {
  const routes = {
    console: new Set<string>(Object.keys(CONSOLE_ROUTES)),
    portal: new Set<string>(Object.values(PORTAL_ROUTES).flatMap((scope) => Object.keys(scope))),
  };
  const known = (name: string, effect: string): boolean => {
    const route = /(GET|POST|PUT|PATCH|DELETE) \/v1\/\S+/.exec(effect)?.[0];
    if (route === undefined) return /^(page \/|view: )/.test(effect);
    if (name === 'every page') return routes.console.has(route) && routes.portal.has(route);
    return routes[name.startsWith('console') ? 'console' : 'portal'].has(route);
  };
  const lists: [string, Effects][] = [...Object.entries(CONTROLS), ...Object.entries(FRAME)];
  return lists.flatMap(([name, effects]) =>
    Object.entries(effects)
      .filter(([, effect]) => !known(name, effect))
      .map(([control, effect]) => `${name}: ${control}: ${effect}`),
  );
}
