import { SallyportError } from '@sallyport/contracts';

/** A random 64-bit export id as 16 lower-case hexadecimal digits. */
export type MarkId = string & { readonly markId: unique symbol };

const MARK_ID = /^[0-9a-f]{16}$/;

/** @throws SallyportError `ERR_WATERMARK_ID` */
export function parseMarkId(text: string): MarkId {
  const id = text.trim().toLowerCase();
  if (!isMarkId(id))
    throw new SallyportError('ERR_WATERMARK_ID', { detail: { length: text.length } });
  return id;
}

function isMarkId(text: string): text is MarkId {
  return MARK_ID.test(text);
}
