import {
  SallyportError,
  inspectCertificate,
  signRecord,
  toHex,
  type CheckpointRecord,
  type RecordSigner,
} from '@sallyport/contracts';
import { consistencyPath, rootHash, type NodeReader } from './merkle/prove.ts';
import type { LedgerIdentity } from './storage/folder.ts';

/** A checkpoint as it crosses to the other zone, and what it says. */
export interface SignedCheckpoint {
  readonly jws: string;
  readonly record: CheckpointRecord;
}

/** Builds and signs the head of `treeSize` entries, with proofs from the earlier head sizes given. */
export async function checkpointOf(
  options: LedgerIdentity & {
    treeSize: number;
    read: NodeReader;
    heads: readonly number[];
    signer: RecordSigner;
    now: Date;
  },
): Promise<SignedCheckpoint> {
  const { origin, zone, treeSize, read, signer } = options;
  await requireLedgerRole(signer, zone);
  const earlier = options.heads.filter((size) => size > 0 && size < treeSize);
  const record: CheckpointRecord = {
    origin,
    zone,
    treeSize,
    rootHash: toHex(await rootHash(read, treeSize)),
    consistency: await Promise.all(
      earlier.map(async (fromSize) => ({
        fromSize,
        proof: (await consistencyPath(read, fromSize, treeSize)).map((hash) => toHex(hash)),
      })),
    ),
    at: options.now.toISOString(),
  };
  return { jws: await signRecord('checkpoint', record, signer), record };
}

/** The certificate role that signs checkpoints of a zone. */
export function ledgerRole(zone: LedgerIdentity['zone']): 'ledger' | 'gateway-ledger' {
  return zone === 'internal' ? 'ledger' : 'gateway-ledger';
}

async function requireLedgerRole(
  signer: RecordSigner,
  zone: LedgerIdentity['zone'],
): Promise<void> {
  const { role } = await inspectCertificate(signer.certificate);
  if (role !== ledgerRole(zone))
    throw new SallyportError('ERR_CERTIFICATE_ROLE', { detail: { role } });
}
