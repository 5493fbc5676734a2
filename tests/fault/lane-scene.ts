import type { ConsoleLedgerEntries, LedgerEvent, PortalTransferLog } from '@sallyport/contracts';
import type { ApiClient, Pair, StoryEnd } from '@sallyport/testkit';
import type { SeenFrame, TappedLane } from '../support/tapped-lane.ts';

/** The pair after its story, with both lanes under the test's control. */
export interface Scene {
  readonly directory: string;
  readonly pair: Pair;
  readonly exportLane: TappedLane;
  readonly requestLane: TappedLane;
  readonly end: StoryEnd;
  readonly auditor: ApiClient;
}

/** The record kind of a frame's body; null for parts of a package. */
export function kindOf(body: Uint8Array): string | null {
  const [header = ''] = textOf(body).split('.', 1);
  return (
    /"typ":"sallyport-([a-z-]+)\+jws"/.exec(Buffer.from(header, 'base64url').toString())?.[1] ??
    null
  );
}

/** A record's payload, readable. */
export function textOf(body: Uint8Array): string {
  const text = Buffer.from(body).toString('latin1');
  const [header = '', payload = ''] = text.split('.');
  return `${header}.${Buffer.from(payload, 'base64url').toString()}`;
}

/** Sequence numbers as the lanes' page shows them. */
export function rangesOf(frames: readonly SeenFrame[]): readonly string[] {
  const numbers = frames.map(({ header }) => header.seq).sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => `${from}-${to}`);
}

/** All events of the internal ledger, oldest first; reading them adds one for each page. */
export async function eventsInside(end: StoryEnd): Promise<readonly LedgerEvent[]> {
  const events: LedgerEvent[] = [];
  for (;;) {
    const path = `/v1/ledger/entries?limit=500&offset=${events.length}`;
    const { rows } = await end.staff.auditor.client.get<ConsoleLedgerEntries>(path);
    events.push(...rows.map(({ entry }) => entry.event));
    if (rows.length < 500) return events;
  }
}

export async function countInside(end: StoryEnd, kind: string): Promise<number> {
  return (await eventsInside(end)).filter((event) => event.kind === kind).length;
}

export async function countOutside(auditor: ApiClient, kind: string): Promise<number> {
  const { rows } = await auditor.get<PortalTransferLog>('/v1/transfer-log?limit=500');
  return rows.filter(({ event }) => event === kind).length;
}
