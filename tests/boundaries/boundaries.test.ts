import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  cruise,
  type IConfiguration,
  type ICruiseOptions,
  type ICruiseResult,
  type IForbiddenRuleType,
} from 'dependency-cruiser';
import t from 'tap';
import { makeOverlay, writeFile } from './overlay.ts';
import { ALLOWED, PLANTS } from './plants.ts';
import { repositoryRoot } from './repository-root.ts';

const FOLDERS = ['packages', 'services', 'tests'];

const config = await readConfig();
const ruleNames = (config.forbidden ?? []).map(({ name }) => name ?? 'unnamed');

t.test('a violation is planted for every rule', async (t) => {
  const planted = new Set(PLANTS.flatMap(({ rules }) => rules));
  t.strictSame([...planted].sort(), [...ruleNames].sort());
});

t.test('each planted violation is reported by its rule and by no other', async (t) => {
  const root = makeOverlay();
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(ALLOWED)) writeFile(root, path, text);
  for (const { files } of PLANTS) {
    for (const [path, text] of Object.entries(files)) writeFile(root, path, text);
  }
  const reported = await violationsByFile(root);
  for (const { rules, files, at } of PLANTS) {
    const place = at ?? Object.keys(files)[0] ?? '';
    t.strictSame(reported.get(place), rules, `${rules.join(', ')} at ${place}`);
  }
  for (const path of Object.keys(ALLOWED)) {
    t.equal(reported.get(path), undefined, `nothing is reported at ${path}`);
  }
});

t.test('the repository itself breaks no rule', async (t) => {
  const reported = await violationsByFile(repositoryRoot);
  t.strictSame(Object.fromEntries(reported), {});
});

async function readConfig(): Promise<IConfiguration> {
  const url = pathToFileURL(join(repositoryRoot, '.dependency-cruiser.mjs')).href;
  const loaded = (await import(url)) as { default: IConfiguration }; // the file declares this type
  return loaded.default;
}

async function violationsByFile(baseDir: string): Promise<Map<string, string[]>> {
  const options: ICruiseOptions = {
    ...config.options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: config.forbidden as IForbiddenRuleType[] },
  };
  const { output } = await cruise(FOLDERS, options);
  const byFile = new Map<string, string[]>();
  for (const { from, rule } of (output as ICruiseResult).summary.violations) {
    const names = new Set(byFile.get(from)).add(rule.name);
    byFile.set(from, [...names].sort());
  }
  return byFile;
}
