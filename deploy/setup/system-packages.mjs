// Programs that npm does not carry: ffmpeg to run; a browser and Korean fonts to test the pages.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError, run } from './repository.mjs';

const CJK_FONTS = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
];

const TO_RUN = [{ name: 'ffmpeg', isPresent: () => onPath('ffmpeg') && onPath('ffprobe') }];
const TO_TEST = [
  { name: 'chromium', isPresent: () => onPath('chromium') || process.platform !== 'linux' },
  {
    name: 'fonts-noto-cjk',
    isPresent: () => CJK_FONTS.some((file) => existsSync(file)) || process.platform !== 'linux',
  },
];

/** @throws SetupError with the one line to type, where this process may not install them itself. */
export async function installSystemPackages({ forTests }) {
  const wanted = forTests ? [...TO_RUN, ...TO_TEST] : TO_RUN;
  const missing = wanted.filter(({ isPresent }) => !isPresent()).map(({ name }) => name);
  if (missing.length === 0) return;
  if (!mayUseApt()) {
    throw new SetupError(`Missing: ${missing.join(', ')}. Type:\n\n    ${lineToType(missing)}\n`);
  }
  console.log(`Installing ${missing.join(', ')} with apt …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  if ((await run('apt-get', install, { env })).code === 0) return;
  // Package lists may be absent or old: refresh them, then try once more.
  await run('apt-get', ['update'], { env });
  const { code, output } = await run('apt-get', install, { env });
  if (code === 0) return;
  throw new SetupError(`apt-get could not install ${missing.join(', ')}:\n${output}`);
}

function onPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false; // not in this folder: look in the next
    }
  });
}

function mayUseApt() {
  return process.getuid?.() === 0 && isDebianLike() && onPath('apt-get');
}

function isDebianLike() {
  if (!existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function lineToType(names) {
  if (process.platform === 'darwin') return `brew install ${names.join(' ')}`;
  if (isDebianLike()) return `sudo apt-get update && sudo apt-get install -y ${names.join(' ')}`;
  if (onPath('dnf')) return `sudo dnf install -y ${names.join(' ')}`;
  return `install these with your system's package manager: ${names.join(' ')}`;
}
