import { toHex, type CheckpointRecord } from '@sallyport/contracts';
import {
  LedgerWriter,
  WITNESSED_HEADS,
  parseWitnessState,
  proveGap,
  startWitness,
  witnessCheckpoint,
  type WitnessState,
} from '@sallyport/ledger';
import fc from 'fast-check';
import t from 'tap';
import {
  IDENTITY,
  NOW,
  ORIGIN,
  entries,
  entry,
  folderFor,
  makeSigner,
} from './support/ledger-site.ts';

const { signer } = await makeSigner();
await t.test('the witness of the other zone', async (t) => {
  const folder = await folderFor(t);

  /** One checkpoint per entry of a log of `count` entries. */
  async function makeHeads(name: string, count: number, first: number) {
    const ledger = await LedgerWriter.open({ directory: `${folder}/${name}`, ...IDENTITY });
    const heads: CheckpointRecord[] = [];
    for (let size = 1; size <= count; size += 1) {
      await ledger.appendEntries([entry(first + size)]);
      heads.push((await ledger.signCheckpoint({ signer, now: NOW })).record);
    }
    const proof = async (from: number, to: number) =>
      (await ledger.consistencyProof(from, to)).map((hash) => toHex(hash));
    return { heads, proof, close: () => ledger.close() };
  }

  const honest = await makeHeads('honest', 40, 0);
  const other = await makeHeads('other', 40, 1000);
  t.teardown(async () => {
    await honest.close();
    await other.close();
  });

  function head(heads: readonly CheckpointRecord[], size: number): CheckpointRecord {
    const found = heads[size - 1];
    if (found === undefined) throw new Error(`no head ${String(size)}`);
    return found;
  }

  function offer(
    checkpoints: readonly CheckpointRecord[],
    from: WitnessState = startWitness(ORIGIN, 'internal'),
  ) {
    let state = from;
    const kinds = checkpoints.map((checkpoint) => {
      const judged = witnessCheckpoint(state, checkpoint, { now: NOW });
      state = parseWitnessState(JSON.parse(JSON.stringify(judged.state)));
      return judged.verdict.kind;
    });
    return { state, kinds };
  }

  await t.test('verifies a growing ledger and keeps the last heads', (t) => {
    const { state, kinds } = offer(honest.heads);
    t.same(new Set(kinds), new Set(['VERIFIED']));
    t.equal(state.heads.length, WITNESSED_HEADS);
    t.same([state.gaps, state.forks], [[], []]);
    t.match(
      witnessCheckpoint(startWitness(ORIGIN, 'internal'), head(honest.heads, 3), { now: NOW })
        .verdict,
      { isFirst: true },
    );
    t.end();
  });

  await t.test('duplicates, late ones and up to 15 lost in a row stay verified', (t) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 1, maxLength: 60 }),
        (sizes) => {
          const { kinds, state } = offer(sizes.map((size) => head(honest.heads, size)));
          return kinds.every((kind) => kind === 'VERIFIED') && state.gaps.length === 0;
        },
      ),
      { numRuns: 100 },
    );
    t.same(offer([head(honest.heads, 2), head(honest.heads, 18)]).kinds, ['VERIFIED', 'VERIFIED']);
    t.end();
  });

  await t.test(
    'more lost heads than proofs reach back show as UNPROVEN until a proof is carried by hand',
    async (t) => {
      const { state, kinds } = offer([1, 2, 30, 31].map((size) => head(honest.heads, size)));
      t.same(kinds, ['VERIFIED', 'VERIFIED', 'UNPROVEN', 'VERIFIED']);
      t.match(state.gaps, [{ fromSize: 2, toSize: 30 }]);
      const path = await honest.proof(2, 30);
      t.throws(() => proveGap(state, { fromSize: 2, toSize: 30, path: path.slice(1) }), {
        code: 'ERR_LEDGER_PROOF',
      });
      t.throws(() => proveGap(state, { fromSize: 3, toSize: 30, path }), {
        code: 'ERR_LEDGER_PROOF',
      });
      t.same(proveGap(state, { fromSize: 2, toSize: 30, path }).gaps, []);
      t.same(offer([head(honest.heads, 40), head(honest.heads, 3)]).kinds, [
        'VERIFIED',
        'UNPROVEN',
      ]);
    },
  );

  await t.test(
    'another history of the same, a later or an earlier size is a fork, and stays one',
    (t) => {
      for (const [known, offered] of [
        [5, 5],
        [5, 9],
        [9, 5],
      ] as const) {
        const { state, kinds } = offer([
          head(honest.heads, known),
          head(other.heads, offered),
          head(honest.heads, 10),
        ]);
        t.same(
          kinds,
          ['VERIFIED', 'FORKED', 'VERIFIED'],
          `${String(known)} then ${String(offered)}`,
        );
        t.match(state.forks, [{ accepted: { treeSize: known }, offered: { treeSize: offered } }]);
        t.equal(offer([head(other.heads, offered)], state).state.forks.length, 1);
      }
      t.end();
    },
  );

  await t.test(
    'a broken proof is a fork, and a checkpoint of another ledger is not judged at all',
    (t) => {
      const next = head(honest.heads, 6);
      const broken = {
        ...next,
        consistency: next.consistency.map(({ fromSize }) => ({ fromSize, proof: [next.rootHash] })),
      };
      t.same(offer([head(honest.heads, 5), broken]).kinds, ['VERIFIED', 'FORKED']);
      const foreign = { ...next, origin: 'cd'.repeat(16) };
      t.throws(() => witnessCheckpoint(startWitness(ORIGIN, 'internal'), foreign, { now: NOW }), {
        code: 'ERR_LEDGER_ORIGIN',
      });
      t.throws(() => parseWitnessState({ origin: ORIGIN }), { code: 'ERR_RECORD_INVALID' });
      t.end();
    },
  );

  await t.test('an empty ledger is a head like any other', async (t) => {
    const ledger = await LedgerWriter.open({ directory: `${folder}/empty`, ...IDENTITY });
    const empty = (await ledger.signCheckpoint({ signer, now: NOW })).record;
    await ledger.appendEntries(entries(0, 3));
    const grown = (await ledger.signCheckpoint({ signer, now: NOW })).record;
    await ledger.close();
    t.same(offer([empty, grown]).kinds, ['VERIFIED', 'VERIFIED']);
  });
});
