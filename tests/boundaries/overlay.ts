import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

const LIBRARIES = ['fluent-ffmpeg', 'onnxruntime-node', 'pg', 'typebox'];

/**
 * Makes a small tree with the shape of the real one: every package's real `package.json`, one
 * compiled stub for each entry of its `exports`, linked under node_modules as npm links workspaces.
 */
export function makeOverlay(): string {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-boundaries-'));
  writeFile(root, 'package.json', '{ "name": "overlay", "private": true, "type": "module" }');
  for (const library of LIBRARIES) {
    const folder = join('node_modules', library);
    writeFile(root, join(folder, 'package.json'), `{ "name": "${library}", "main": "index.js" }`);
    writeFile(root, join(folder, 'index.js'), 'module.exports = {};\n');
  }
  mkdirSync(join(root, 'node_modules', '@sallyport'), { recursive: true });
  for (const name of readdirSync(join(repositoryRoot, 'packages'))) linkPackage(root, name);
  return root;
}

/** Writes a file of the tree, folders included. */
export function writeFile(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

interface PackageFacts {
  readonly exports?: Readonly<Record<string, { readonly default: string } | string>>;
}

function linkPackage(root: string, name: string): void {
  const folder = join('packages', name);
  const text = readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8');
  writeFile(root, join(folder, 'package.json'), text);
  const facts = JSON.parse(text) as PackageFacts; // the repository's own file
  for (const [entry, target] of Object.entries(facts.exports ?? {})) {
    if (entry.includes('*') || typeof target === 'string') continue;
    writeFile(root, join(folder, target.default), 'export const stub = 1;\n');
  }
  symlinkSync(join(root, folder), join(root, 'node_modules', '@sallyport', name));
}
