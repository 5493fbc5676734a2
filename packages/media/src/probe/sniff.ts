import { open } from 'node:fs/promises';
import { SallyportError } from '@sallyport/contracts';

/** The containers this product opens; each is forced on the tool by name, which then tries no other. */
export type Container = 'mov' | 'matroska' | 'avi';

const SNIFF_BYTES = 4096;
const STILL_BRANDS = new Set([
  'avif',
  'avis',
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'mif1',
  'msf1',
  'crx ',
]);
const MOV_ATOMS = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);

/**
 * Decides from the first bytes, never from the name, how a file may be opened.
 *
 * @throws SallyportError `ERR_MEDIA_EMPTY` for zero bytes; `ERR_MEDIA_NOT_VIDEO` for anything but the three
 * containers, with `detail.looksLike`: playlists and lists that point elsewhere are named and never opened
 */
export async function sniffContainer(file: string): Promise<Container> {
  const head = await readHead(file);
  if (head.length === 0) throw new SallyportError('ERR_MEDIA_EMPTY');
  const container = containerOf(head);
  if (container === null)
    throw new SallyportError('ERR_MEDIA_NOT_VIDEO', { detail: { looksLike: looksLike(head) } });
  return container;
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function containerOf(head: Buffer): Container | null {
  const text = head.toString('latin1', 0, 16);
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3) return 'matroska';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'AVI ') return 'avi';
  const atom = text.slice(4, 8);
  if (atom === 'ftyp') return STILL_BRANDS.has(text.slice(8, 12)) ? null : 'mov';
  return MOV_ATOMS.has(atom) ? 'mov' : null;
}

function looksLike(head: Buffer): string {
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  const kinds: readonly (readonly [string, RegExp])[] = [
    ['playlist', /^(#EXTM3U|\[playlist\]|<\?xml[^]*<MPD|<MPD|<smil)/i],
    ['concat list', /^(ffconcat|file\s+['"]?|#[^\n]*\n\s*(ffconcat|file\s))/i],
    ['session description', /^v=0\r?\n/],
    ['subtitle', /^(WEBVTT|\[Script Info\]|\d+\r?\n\d\d:\d\d:\d\d[,.]|<SAMI)/i],
    [
      'picture',
      /^(\xff\xd8\xff|\x89PNG|GIF8|BM|II\*\0|MM\0\*|RIFF....WEBP|....ftyp(avif|heic|mif1)|<svg|\/\* XPM)/s,
    ],
    ['archive or document', /^(PK\x03\x04|%PDF|\x1f\x8b|7z\xbc\xaf|Rar!)/],
    ['link', /^(https?|ftp|rtsp|rtmp|concat|subfile|file|data):/i],
  ];
  return kinds.find(([, pattern]) => pattern.test(text))?.[0] ?? 'unknown';
}
