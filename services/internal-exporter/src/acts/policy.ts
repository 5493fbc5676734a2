import {
  parse,
  SallyportError,
  SitePolicy,
  type ConsolePolicy,
  type LedgerActor,
} from '@sallyport/contracts';
import { changedPolicy, DEFAULT_POLICY, toPolicyEntry } from '../domain/policy.ts';
import { toJson, type Database, type Transaction } from '../store/database.ts';
import { recordEvent } from '../store/ledger-outbox.ts';
import { publishDirectory } from './directory.ts';

/** The directory's row id of the policy: there is one. */
const POLICY_ROW = '00';

/** The rules in force and since when. */
export async function getPolicy(db: Database | Transaction): Promise<ConsolePolicy> {
  const row = await db.policy.findFirst({ orderBy: { version: 'desc' } });
  if (row === null) throw new SallyportError('ERR_EXPORTER_NOT_INITIALISED');
  return {
    version: row.version,
    at: row.at.toISOString(),
    policy: parse(SitePolicy, row.value, 'ERR_INTERNAL'),
  };
}

/** Replaces the rules; every version is kept, and requesters are told. */
export async function putPolicy(
  tx: Transaction,
  wanted: SitePolicy,
  by: { readonly actor: LedgerActor; readonly accountId: string },
  now: Date,
): Promise<ConsolePolicy> {
  if (wanted.recommendedClipMinutes > wanted.maximumClipMinutes) {
    throw new SallyportError('ERR_REQUEST_INVALID', {
      detail: { path: '/body/recommendedClipMinutes', rule: 'maximum' },
    });
  }
  const known = await getPolicy(tx);
  return keepPolicy(tx, changedPolicy(known.policy, wanted), known.version + 1, by, now);
}

/** The first rules of a new site. */
export async function putDefaultPolicy(
  tx: Transaction,
  actor: LedgerActor,
  now: Date,
): Promise<void> {
  await keepPolicy(tx, DEFAULT_POLICY, 1, { actor, accountId: null }, now);
}

async function keepPolicy(
  tx: Transaction,
  policy: SitePolicy,
  version: number,
  by: { readonly actor: LedgerActor; readonly accountId: string | null },
  now: Date,
): Promise<ConsolePolicy> {
  await tx.policy.create({
    data: { version, value: toJson(policy), at: now, changedById: by.accountId },
  });
  await publishDirectory(tx, 'policy', POLICY_ROW, toPolicyEntry(policy), now);
  await recordEvent(tx, { at: now, actor: by.actor, event: { kind: 'policy.changed', version } });
  return { version, at: now.toISOString(), policy };
}
