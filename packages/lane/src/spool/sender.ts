import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '@sallyport/contracts';
import { writeDurably } from '../durable.ts';
import { frameFileName, type SealedFrame } from '../frame.ts';

/** The near end of a lane: a folder that a link product, or the receiver itself, empties. */
export class SpoolSender {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Puts one frame into the folder: `.part`, fsync, rename, fsync of the folder. After it returns the
   * frame is *sent*; nothing here can tell whether it was received. Sending the same place of the
   * sequence again replaces or repeats one file, which the receiver counts as a duplicate.
   *
   * @throws SallyportError ERR_LANE_SPOOL_WRITE (safe to try again with the same frame)
   */
  async send(frame: SealedFrame): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeDurably(join(this.#directory, frameFileName(frame)), frame.bytes);
    } catch (cause) {
      throw new SallyportError('ERR_LANE_SPOOL_WRITE', {
        detail: { epoch: frame.epoch, seq: frame.seq },
        cause,
      });
    }
  }
}
