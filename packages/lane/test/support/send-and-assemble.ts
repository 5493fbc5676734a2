import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoolReceiver, SpoolSender, TransferAssembler } from '@sallyport/lane';
import { NOW } from './lane-site.ts';

/** Folders of one crash run and the CA its frames are signed under. */
export interface CrashRun {
  readonly frames: string;
  readonly spool: string;
  readonly transfers: string;
  readonly ca: string;
}

/** Sends the frames of one folder into a spool, then assembles the parts they carry. */
export async function sendAndAssemble(
  run: CrashRun,
  acknowledge: (line: string) => void,
): Promise<void> {
  const sender = new SpoolSender(run.spool);
  for (const [index, name] of (await readdir(run.frames)).sort().entries()) {
    await sender.send({ epoch: 1, seq: index + 1, bytes: await readFile(join(run.frames, name)) });
    acknowledge(`sent ${String(index + 1)}`);
  }
  const trust = { ca: run.ca, revoked: new Set<string>() };
  const receiver = new SpoolReceiver({
    directory: run.spool,
    lane: 'export',
    trust: () => trust,
    now: () => NOW,
    settleMs: 0,
  });
  const assembler = new TransferAssembler({ directory: run.transfers, maxTransferBytes: 1000 });
  for await (const arrival of receiver.receive()) {
    if (arrival.kind === 'refused') throw new Error(`${arrival.name}: ${arrival.code}`);
    await assembler.add(arrival.frame.header, arrival.frame.body);
    acknowledge(`part ${String(arrival.frame.header.seq)}`);
    await arrival.done();
  }
}
