import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The root folder of this checkout: the first parent that holds `turbo.json`.
 *
 * @throws Error outside a checkout
 */
export function findRepository(from = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'turbo.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('not inside a checkout of this project');
  }
}
