import { canonicalize, toBase64url } from '@sallyport/contracts';
import { assemble, type Forge } from './forge.ts';
import { changed, verify, type Bases, type Cases } from './case-kit.ts';

export async function misspelt(forge: Forge, { clip }: Bases): Promise<Cases> {
  const [protectedPart = '', payload = '', signature = ''] = clip.headerJws.split('.');
  const spelled = (jws: string) => changed(clip, assemble(jws, clip.segments, clip.leaves));
  const signed = async (name: string, text: string, extra = {}) =>
    spelled(await forge.signHeader(name, text, 'seal', extra));
  const canonical = canonicalize(clip.header);
  const lastOf = (text: string) => text.slice(0, -1) + loose(text.at(-1) ?? 'A');
  const reordered = JSON.stringify(
    Object.fromEntries(Object.entries(JSON.parse(canonical) as object).reverse()),
  );
  const unsortedHeader = toBase64url(
    new TextEncoder().encode(JSON.stringify(reverse(protectedPart))),
  );
  return {
    'base64-padded': verify(
      'Padding after the signature.',
      'ERR_RECORD_ENCODING',
      spelled(`${clip.headerJws}==`),
    ),
    'base64-spaced': verify(
      'A line feed inside.',
      'ERR_RECORD_ENCODING',
      spelled(`${protectedPart}.\n${payload}.${signature}`),
    ),
    'base64-standard-alphabet': verify('+ and / instead of - and _.', 'ERR_RECORD_ENCODING', [
      ...spelled(
        `${protectedPart}.${payload}.${signature
          .replaceAll('-', '+')
          .replaceAll('_', '/')
          .replace(/^[^+/]/, '+')}`,
      ),
    ]),
    'base64-loose-bits': verify(
      'Bits set beyond the last byte.',
      'ERR_RECORD_ENCODING',
      spelled(`${protectedPart}.${payload}.${lastOf(signature)}`),
    ),
    'header-extra-part': verify(
      'A fourth part.',
      'ERR_RECORD_ENCODING',
      spelled(`${clip.headerJws}.AAAA`),
    ),
    'payload-duplicate-member': verify('A member stands twice.', 'ERR_RECORD_NOT_CANONICAL', [
      ...(await signed('duplicate member', canonical.replace('"suite":1', '"suite":1,"suite":1'))),
    ]),
    'payload-reordered': verify(
      'Members in another order.',
      'ERR_RECORD_NOT_CANONICAL',
      await signed('reordered', reordered),
    ),
    'payload-spaced': verify(
      'A space between members.',
      'ERR_RECORD_NOT_CANONICAL',
      await signed('spaced', canonical.replace(',"', ', "')),
    ),
    'header-crit': verify(
      'A critical member nobody knows.',
      'ERR_RECORD_HEADER',
      await signed('crit', canonical, { crit: ['x'], x: 1 }),
    ),
    'header-alg-none': verify(
      'An algorithm of none.',
      'ERR_RECORD_HEADER',
      await signed('none', canonical, { alg: 'none' }),
    ),
    'header-other-kind': verify(
      'Another record’s type.',
      'ERR_RECORD_HEADER',
      await signed('kind', canonical, { typ: 'sallyport-licence+jws' }),
    ),
    'header-reordered': verify(
      'Protected header members in another order.',
      'ERR_RECORD_NOT_CANONICAL',
      spelled(`${unsortedHeader}.${payload}.${signature}`),
    ),
  };
}

function loose(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(character) | 1] ?? 'B';
}

function reverse(encoded: string): object {
  const header = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as object;
  return Object.fromEntries(Object.entries(header).reverse());
}
