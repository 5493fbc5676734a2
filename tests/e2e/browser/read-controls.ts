import type { Page } from 'playwright-core';

/**
 * Every control a person can reach on the page as `kind name`, once each and sorted. Words with a
 * digit in them (receipt numbers, times, ids) become `#`, so that the list does not depend on the day.
 */
export async function readControls(page: Page, within = 'body'): Promise<readonly string[]> {
  const found = await page.evaluate((root) => {
    const KINDS = 'a[href], button, input, textarea, select, video[controls], [role], [tabindex]';
    const ACTIVE = ['button', 'link', 'slider', 'tab', 'checkbox', 'radio', 'switch', 'combobox'];
    const kindOf = (element: Element): string | null => {
      const tag = element.tagName.toLowerCase();
      const role = element.getAttribute('role') ?? '';
      if (tag === 'a' && element.hasAttribute('href')) return 'link';
      if (tag === 'button' || tag === 'video') return tag;
      if (tag === 'textarea' || tag === 'select') return 'field';
      if (element instanceof HTMLInputElement) {
        if (element.type === 'hidden') return null;
        return ['checkbox', 'radio', 'file'].includes(element.type) ? element.type : 'field';
      }
      if (ACTIVE.includes(role)) return role;
      return element.getAttribute('tabindex') === '0' ? 'focus' : null;
    };
    const textOf = (ids: string): string =>
      ids
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ');
    const nameOf = (element: Element): string => {
      const labelled = element.getAttribute('aria-labelledby');
      const own = element.getAttribute('aria-label');
      if (own !== null) return own;
      if (labelled !== null && textOf(labelled).trim() !== '') return textOf(labelled);
      if ('labels' in element) {
        const labels = element.labels as NodeListOf<HTMLElement> | null; // inputs, selects, textareas, buttons
        const [label] = labels ?? [];
        if (label !== undefined) return label.textContent;
      }
      if (element instanceof HTMLVideoElement) return '';
      return element.textContent;
    };
    return [...(document.querySelector(root)?.querySelectorAll(KINDS) ?? [])].flatMap((element) => {
      const kind = kindOf(element);
      const hidden = element.closest('[aria-hidden="true"]') !== null || !element.checkVisibility();
      return kind === null || hidden ? [] : [`${kind} ${nameOf(element)}`];
    });
  }, within);
  return [...new Set(found.map(normalise))].sort();
}

function normalise(control: string): string {
  return control
    .replaceAll('*', '')
    .replaceAll(/[^\s]*\d[^\s]*/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
