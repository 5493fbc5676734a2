import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { SallyportError } from '@sallyport/contracts';

const OTHERS_MAY_READ_OR_WRITE = 0o066;

/**
 * Reads a file that only its owner may read (0600 or 0400).
 * The mode is asked of the open file, so that a swap between check and read gains nothing.
 *
 * @throws SallyportError ERR_KEY_FILE_PERMISSIONS when group or world may read or write it.
 */
export function readSecretFile(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    if ((fstatSync(descriptor).mode & OTHERS_MAY_READ_OR_WRITE) !== 0) {
      throw new SallyportError('ERR_KEY_FILE_PERMISSIONS', { detail: { file: basename(path) } });
    }
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
