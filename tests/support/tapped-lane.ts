import { copyFile, mkdir, readFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBase64url, type LaneFrameHeader } from '@sallyport/contracts';
import { FolderMover, type MoverFaults } from '@sallyport/testkit';

/** The signed header of a frame file, read without believing it: a test's own look. */
export interface SeenFrame {
  readonly name: string;
  readonly header: LaneFrameHeader;
  /** DER of the sender's certificate. */
  readonly certificate: string;
  readonly body: Uint8Array;
}

/**
 * One lane of the link under a test's control: every file is kept in an archive, may be held back, and
 * goes on through a {@link FolderMover} with faults.
 *
 *   from ─► archive + (held back?) ─► waiting ─► mover ─► to
 */
export class TappedLane {
  readonly archive: string;
  readonly held: string;
  readonly #from: string;
  readonly #to: string;
  readonly #waiting: string;
  #mover: FolderMover;
  #isHeld: (frame: SeenFrame) => boolean = () => false;
  #running: { stop: boolean; ended: Promise<void> } | null = null;

  constructor(from: string, to: string, faults: MoverFaults) {
    this.#from = from;
    this.#to = to;
    [this.archive, this.held, this.#waiting] = [
      `${from}.archive`,
      `${from}.held`,
      `${from}.waiting`,
    ];
    this.#mover = new FolderMover(this.#waiting, to, faults);
  }

  async start(): Promise<void> {
    for (const folder of [this.#from, this.#to, this.archive, this.held, this.#waiting])
      await mkdir(folder, { recursive: true });
    const running = { stop: false, ended: Promise.resolve() };
    running.ended = this.#run(running);
    this.#running = running;
    this.#mover.start({ everyMs: 30 });
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running === null) return;
    running.stop = true;
    await running.ended;
    await this.#mover.stop();
  }

  /** From now on these frames are kept in {@link held} instead of going on. */
  hold(isHeld: (frame: SeenFrame) => boolean): void {
    this.#isHeld = isHeld;
  }

  /** Lets everything through that is held back now, and holds nothing more. */
  async release(): Promise<void> {
    this.#isHeld = () => false;
    for (const name of await readdir(this.held)) await this.put(name, join(this.held, name));
  }

  /** Other faults from now on; answers the mover that carries on, for its tally. */
  async change(faults: MoverFaults): Promise<FolderMover> {
    await this.#mover.stop();
    await this.#mover.flush();
    this.#mover = new FolderMover(this.#waiting, this.#to, faults);
    this.#mover.start({ everyMs: 30 });
    return this.#mover;
  }

  /** Puts a copy of a file at the far end under this name, past the mover. */
  async put(name: string, file: string): Promise<void> {
    await copyFile(file, join(this.#to, `${name}.part`));
    await rename(join(this.#to, `${name}.part`), join(this.#to, name));
  }

  /** The frames seen so far, in order of their names. */
  async frames(): Promise<readonly SeenFrame[]> {
    const names = (await readdir(this.archive)).sort();
    return Promise.all(names.map((name) => readFrame(join(this.archive, name), name)));
  }

  async #run(running: { stop: boolean }): Promise<void> {
    while (!running.stop) {
      for (const name of (await readdir(this.#from)).filter((each) => each.endsWith('.frame'))) {
        const file = join(this.#from, name);
        await copyFile(file, join(this.archive, name));
        const isHeld = this.#isHeld(await readFrame(file, name));
        await rename(file, join(isHeld ? this.held : this.#waiting, name));
      }
      await sleep(30);
    }
  }
}

async function readFrame(file: string, name: string): Promise<SeenFrame> {
  const bytes = await readFile(file);
  const end = 12 + bytes.readUInt32BE(8);
  const [header = '', payload = ''] = bytes.toString('latin1', 12, end).split('.');
  const open = (part: string): unknown => JSON.parse(Buffer.from(fromBase64url(part)).toString());
  // Written by the services under test; a wrong shape fails the test that reads it.
  const { x5c } = open(header) as { x5c: readonly [string] };
  return {
    name,
    header: open(payload) as LaneFrameHeader,
    certificate: x5c[0],
    body: bytes.subarray(end),
  };
}
