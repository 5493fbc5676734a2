import { SallyportError } from '@sallyport/contracts';
import { LEAF_BYTES, parsePrefix, PREFIX_BYTES } from '../format.ts';
import { segmentRange } from '../layout.ts';
import { leafHash } from '../merkle.ts';
import { verifyHeader, type HeaderOptions, type PackageView } from './header.ts';
import { verifyLeaves, verifySegment, type LeafTable } from './segments.ts';

export interface PackageVerifierOptions extends HeaderOptions {
  /** A leaf table that came apart and was verified: each segment is then judged as it arrives. */
  readonly leavesFor?: ((view: PackageView) => Promise<LeafTable | null>) | undefined;
}

/** A whole package that was checked to its last byte. */
export interface VerifiedPackage extends PackageView {
  readonly leaves: LeafTable;
}

/** Takes a package in chunks of any size. After the first fault every further call throws it again. */
export interface PackageVerifier {
  push(chunk: Uint8Array): Promise<void>;
  /** @throws SallyportError ERR_SEAL_TRUNCATED with the first segment that did not arrive */
  end(): Promise<VerifiedPackage>;
  progress(): { readonly view: PackageView | null; readonly segmentsSeen: number };
}

/**
 * Verifies a package as it streams by, in memory bounded by one segment and the leaf table: form,
 * header, approvals, every segment, the leaf table, the root, and that nothing follows. No key.
 *
 * @throws SallyportError ERR_SEAL_*, ERR_RECORD_*, ERR_CERTIFICATE_* (from push and end)
 */
export function createPackageVerifier(options: PackageVerifierOptions): PackageVerifier {
  let stage: Stage = { kind: 'prefix', need: PREFIX_BYTES };
  let buffer = new Uint8Array(PREFIX_BYTES);
  let filled = 0;
  let failure: Error | undefined;

  async function advance(): Promise<void> {
    stage = await nextStage(stage, buffer, options);
    buffer = new Uint8Array(stage.need);
    filled = 0;
  }
  async function take(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      if (stage.kind === 'done') throw new SallyportError('ERR_SEAL_TRAILING');
      const part = chunk.subarray(at, at + buffer.length - filled);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === buffer.length) await advance();
    }
  }
  return {
    async push(chunk) {
      if (failure === undefined && chunk.length < buffer.length - filled) {
        buffer.set(chunk, filled); // most small chunks complete nothing
        filled += chunk.length;
      } else {
        await guarded(() => take(chunk));
      }
    },
    async end() {
      return guarded(async () => finish(stage, buffer.subarray(0, filled)));
    },
    progress: () => progressOf(stage),
  };

  async function guarded<T>(step: () => Promise<T>): Promise<T> {
    if (failure !== undefined) throw failure; // a verdict stands: bytes after a fault change nothing
    try {
      return await step();
    } catch (error) {
      failure = error instanceof Error ? error : new TypeError('not an error', { cause: error });
      throw failure;
    }
  }
}

/**
 * {@link createPackageVerifier} over a whole stream.
 *
 * @throws SallyportError ERR_SEAL_*, ERR_RECORD_*, ERR_CERTIFICATE_*
 */
export async function verifyPackage(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: PackageVerifierOptions & {
    onProgress?: (progress: ReturnType<PackageVerifier['progress']>) => void;
  },
): Promise<VerifiedPackage> {
  const verifier = createPackageVerifier(options);
  for await (const chunk of chunks) {
    await verifier.push(chunk);
    options.onProgress?.(verifier.progress());
  }
  return verifier.end();
}

type Stage =
  | { readonly kind: 'prefix' | 'header'; readonly need: number }
  | (Body & { readonly kind: 'segment'; readonly need: number; readonly index: number })
  | (Body & { readonly kind: 'leaf-table'; readonly need: number })
  | (Body & { readonly kind: 'done'; readonly need: 0; readonly leaves: LeafTable });

interface Body {
  readonly view: PackageView;
  readonly known: LeafTable | null;
  /** Leaves of the segments that went by. */
  readonly seen: Uint8Array<ArrayBuffer>;
}

async function nextStage(
  stage: Stage,
  bytes: Uint8Array,
  options: PackageVerifierOptions,
): Promise<Stage> {
  switch (stage.kind) {
    case 'prefix':
      return { kind: 'header', need: parsePrefix(bytes) };
    case 'header': {
      const view = await verifyHeader(new TextDecoder().decode(bytes), options);
      const known = (await options.leavesFor?.(view)) ?? null;
      return segmentStage({ view, known, seen: new Uint8Array(view.layout.leafTableBytes) }, 0);
    }
    case 'segment':
      await takeSegment(stage, stage.index, bytes);
      return segmentStage(stage, stage.index + 1);
    case 'leaf-table':
      return { ...stage, kind: 'done', need: 0, leaves: await takeLeafTable(stage, bytes) };
    case 'done':
      return stage;
  }
}

function segmentStage({ view, known, seen }: Body, index: number): Stage {
  const { segmentCount, leafTableBytes } = view.layout;
  if (index === segmentCount)
    return { view, known, seen, kind: 'leaf-table', need: leafTableBytes };
  return {
    view,
    known,
    seen,
    kind: 'segment',
    need: segmentRange(view.layout, index).sealedBytes,
    index,
  };
}

async function takeSegment(
  { view, known, seen }: Body,
  index: number,
  segment: Uint8Array,
): Promise<void> {
  if (known !== null) await verifySegment(view.layout, known, index, segment);
  seen.set(await leafHash(index, segment), index * LEAF_BYTES);
}

/** The table must be the signed one; it then names the first segment that differs from it. */
async function takeLeafTable({ view, seen }: Body, table: Uint8Array): Promise<LeafTable> {
  const leaves = await verifyLeaves(view, table);
  const differing = table.findIndex((byte, i) => byte !== seen[i]);
  if (differing >= 0) {
    throw new SallyportError('ERR_SEAL_SEGMENT', {
      detail: { segment: Math.floor(differing / LEAF_BYTES) },
    });
  }
  return leaves;
}

function finish(stage: Stage, rest: Uint8Array): VerifiedPackage {
  switch (stage.kind) {
    case 'done':
      return { ...stage.view, leaves: stage.leaves };
    case 'prefix':
      parsePrefix(rest); // names a wrong magic before it names the missing bytes
      throw truncated({ part: 'prefix' });
    case 'segment':
      throw truncated({
        part: 'segments',
        firstMissing: stage.index,
        segmentCount: stage.view.layout.segmentCount,
      });
    case 'header':
    case 'leaf-table':
      throw truncated({ part: stage.kind });
  }
}

function progressOf(stage: Stage): ReturnType<PackageVerifier['progress']> {
  switch (stage.kind) {
    case 'prefix':
    case 'header':
      return { view: null, segmentsSeen: 0 };
    case 'segment':
      return { view: stage.view, segmentsSeen: stage.index };
    case 'leaf-table':
    case 'done':
      return { view: stage.view, segmentsSeen: stage.view.layout.segmentCount };
  }
}

function truncated(detail: Record<string, string | number>): SallyportError {
  return new SallyportError('ERR_SEAL_TRUNCATED', { detail });
}
