import { createHash } from 'node:crypto';
import {
  chown,
  copyFile,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the stand-in for a link product does to files. Chances are 0 … 1, each decided per file name. */
export interface MoverFaults {
  readonly seed: number;
  /** Chance that a file never arrives. Default 0. */
  readonly loss?: number;
  /** Chance that a file arrives a second time, later. Default 0. */
  readonly duplication?: number;
  /** Each delivery waits this many steps, evenly drawn from 0 to here: reordering. Default 0. */
  readonly delaySteps?: number;
  /** Chance that a file appears under its final name half written, and whole only a step later. Default 0. */
  readonly partial?: number;
}

/** What happened so far, by file name. */
export interface MoverTally {
  readonly taken: readonly string[];
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly delivered: number;
}

interface Delivery {
  readonly name: string;
  readonly dueStep: number;
  readonly isPartial: boolean;
}

/**
 * A one-way link between two folders: takes whole files (never `.part`) from one, brings them to the
 * other late, twice, out of order or not at all. Everything depends on the seed and the file names
 * alone, so a run can be repeated; time only decides when a step happens.
 *
 * @example
 * const mover = new FolderMover(from, to, { seed: 7, loss: 0.1, duplication: 0.2, delaySteps: 5 });
 * while (await mover.step()) {} // or: mover.start({ everyMs: 20 }); … await mover.stop();
 */
export class FolderMover {
  readonly #from: string;
  readonly #to: string;
  readonly #held: string;
  readonly #faults: MoverFaults;
  readonly #sends = new Map<string, number>();
  readonly #taken: string[] = [];
  readonly #lost: string[] = [];
  readonly #duplicated: string[] = [];
  #queue: Delivery[] = [];
  #step = 0;
  #delivered = 0;
  #running: { readonly stop: AbortController; readonly ended: Promise<Error | null> } | null = null;

  /** `to`'s sibling `<to>.in-transit` holds what is under way. */
  constructor(from: string, to: string, faults: MoverFaults) {
    this.#from = from;
    this.#to = to;
    this.#held = `${to}.in-transit`;
    this.#faults = faults;
  }

  get tally(): MoverTally {
    return {
      taken: [...this.#taken],
      lost: [...this.#lost],
      duplicated: [...this.#duplicated],
      delivered: this.#delivered,
    };
  }

  /** One step: take what is new, deliver what is due. Answers whether anything is still under way. */
  async step(): Promise<boolean> {
    await mkdir(this.#to, { recursive: true });
    await mkdir(this.#held, { recursive: true });
    for (const name of await this.#newFiles()) await this.#take(name);
    const due = this.#queue.filter(({ dueStep }) => dueStep <= this.#step);
    for (const delivery of due) {
      this.#queue = this.#queue.filter((waiting) => waiting !== delivery);
      await this.#deliver(delivery);
    }
    this.#step += 1;
    return this.#queue.length > 0;
  }

  /** Steps until nothing is left under way. */
  async flush(): Promise<void> {
    while (await this.step());
  }

  /** Steps again and again until {@link FolderMover.stop}; does not keep the process alive. */
  start(options: { everyMs: number }): void {
    if (this.#running !== null) throw new Error('the mover already runs');
    const stop = new AbortController();
    const ended = this.#run(options.everyMs, stop.signal).then(
      () => null,
      (cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause))),
    );
    this.#running = { stop, ended };
  }

  /** Ends the running steps and rethrows what went wrong in them. What is under way stays there. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.stop.abort();
    const fault = (await running?.ended) ?? null;
    if (fault !== null) throw fault;
  }

  async #run(everyMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.step();
      try {
        await sleep(everyMs, undefined, { signal, ref: false });
      } catch (cause) {
        if (!(cause instanceof Error && cause.name === 'AbortError')) throw cause;
      }
    }
  }

  async #newFiles(): Promise<string[]> {
    try {
      const entries = await readdir(this.#from, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
        .map(({ name }) => name)
        .sort();
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
      throw cause;
    }
  }

  async #take(name: string): Promise<void> {
    const { loss = 0, duplication = 0 } = this.#faults;
    const source = join(this.#from, name);
    // A file sent again after its loss has another fate, or no resend could ever help.
    const sends = (this.#sends.get(name) ?? 0) + 1;
    this.#sends.set(name, sends);
    const fate = `${name}#${String(sends)}`;
    this.#taken.push(name);
    if (this.#draw(fate, 'loss') < loss) {
      this.#lost.push(name);
      await rm(source);
      return;
    }
    await copyFile(source, join(this.#held, name));
    await rm(source);
    this.#queue.push(this.#deliveryOf(name, `${fate}/1`, 0));
    if (this.#draw(fate, 'duplication') < duplication) {
      this.#duplicated.push(name);
      this.#queue.push(this.#deliveryOf(name, `${fate}/2`, 1));
    }
  }

  #deliveryOf(name: string, key: string, extraSteps: number): Delivery {
    const { delaySteps = 0, partial = 0 } = this.#faults;
    const delay = Math.floor(this.#draw(key, 'delay') * (delaySteps + 1));
    return {
      name,
      dueStep: this.#step + delay + extraSteps,
      isPartial: this.#draw(key, 'partial') < partial,
    };
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const held = join(this.#held, delivery.name);
    const target = join(this.#to, delivery.name);
    if (delivery.isPartial) {
      const bytes = await readFile(held);
      const file = await open(target, 'w');
      await file.write(bytes, 0, Math.floor(bytes.length / 2));
      await file.close();
      this.#queue.push({ ...delivery, dueStep: this.#step + 1, isPartial: false });
      return;
    }
    // A copy first: the link keeps its own until no further delivery of it is due.
    const arriving = `${target}.part`;
    await copyFile(held, arriving);
    await this.#handOver(arriving);
    await rename(arriving, target);
    this.#delivered += 1;
    if (!this.#queue.some(({ name }) => name === delivery.name)) await rm(held, { force: true });
  }

  /** Run by root between two users' folders, a link product gives each file to the folder's owner. */
  async #handOver(file: string): Promise<void> {
    if (process.getuid?.() !== 0) return;
    const { uid, gid } = await stat(this.#to);
    await chown(file, uid, gid);
  }

  /** A number in [0, 1) that depends on the seed and the words only. */
  #draw(...words: readonly string[]): number {
    const text = [String(this.#faults.seed), ...words].join('\u0000');
    return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
  }
}
