import { SetupError } from './repository.mjs';

const NEEDED = 'Node.js 20.19 or later in the 20 line, 22.12 or later in the 22 line, or 24 and up';

/** Tells whether a Node version (`20.19.0`) is one this project runs on. */
export function isSupportedNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
}

/** @throws SetupError naming the version found and the versions that work. */
export function assertNodeVersion(version = process.versions.node) {
  if (isSupportedNode(version)) return;
  throw new SetupError(`Sallyport needs ${NEEDED}; this is ${version}.`);
}
