import { SallyportError, type MaskTarget, type ModelManifest } from '@sallyport/contracts';
import { MODELS, SECOND_OPINION } from './manifest.ts';
import { findModelFile, type FoundModel } from './models.ts';
import { readSiteManifests } from './site-manifests.ts';

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The models a search needs, each once, digests checked. A site's own model takes the place of the product's for
 * the targets it names. `motion` needs none.
 *
 * @throws SallyportError `ERR_MEDIA_MODEL_MISSING` for a target that would stay unmasked,
 * `ERR_MEDIA_MODEL_DIGEST`, `ERR_MEDIA_MODEL_MANIFEST`
 */
export async function chooseModels(
  targets: readonly MaskTarget[],
  directory: string | undefined,
  picture: PictureSize,
): Promise<FoundModel[]> {
  const site = await readSiteManifests(directory);
  const chosen = new Map<string, FoundModel>();
  for (const target of targets) {
    if (target === 'motion') continue;
    const own = site.filter((manifest) => finds(manifest, target));
    const candidates = own.length > 0 ? own : MODELS.filter((manifest) => finds(manifest, target));
    const found = await findBest(candidates, directory, picture);
    if (found === null) throw missing(target, candidates);
    chosen.set(found.entry.name, found);
  }
  return [...chosen.values()];
}

/** The second opinion on faces, where its file is there: without it the search is complete all the same. */
export async function findSecondOpinion(directory: string | undefined): Promise<FoundModel | null> {
  return findModelFile(SECOND_OPINION, directory);
}

/** The first of the candidates, best suited first, whose file is there. */
async function findBest(
  candidates: readonly ModelManifest[],
  directory: string | undefined,
  picture: PictureSize,
): Promise<FoundModel | null> {
  for (const manifest of bySuitability(candidates, picture)) {
    const found = await findModelFile(manifest, directory);
    if (found !== null) return found;
  }
  return null;
}

/** Of inputs of fixed size, the one that shows most of the picture's detail; of equal ones the smaller. */
function bySuitability(
  candidates: readonly ModelManifest[],
  picture: PictureSize,
): ModelManifest[] {
  const detail = ({ input: { size } }: ModelManifest) =>
    'width' in size ? Math.min(1, size.width / picture.width, size.height / picture.height) : 1;
  const cost = ({ input: { size } }: ModelManifest) =>
    'width' in size ? size.width * size.height : 0;
  return [...candidates].sort(
    (one, other) => detail(other) - detail(one) || cost(one) - cost(other),
  );
}

function finds(manifest: ModelManifest, target: MaskTarget): boolean {
  return manifest.classes.some((found) => found.target === target);
}

function missing(target: MaskTarget, candidates: readonly ModelManifest[]): SallyportError {
  const files = candidates.map(({ file }) => file).join(', ');
  return new SallyportError('ERR_MEDIA_MODEL_MISSING', { detail: { target, files } });
}
