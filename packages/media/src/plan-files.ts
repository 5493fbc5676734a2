import {
  assertTrack,
  MaskRegionFile,
  MaskTrackFile,
  parse,
  type MaskTrack,
} from '@sallyport/contracts';

/**
 * Reads a `--tracks` file: `{"tracks":[…]}` in the shape of the mask plan's tracks.
 *
 * @throws SallyportError `ERR_MEDIA_PLAN_INVALID` naming the first fault
 */
export function parseTracks(
  text: string,
  picture?: { width: number; height: number },
): MaskTrack[] {
  const { tracks } = parse(MaskTrackFile, jsonOf(text), 'ERR_MEDIA_PLAN_INVALID');
  for (const track of tracks) assertTrack(track, picture ?? { width: 16_384, height: 16_384 });
  return tracks;
}

/**
 * Reads a `--regions` file: `{"regions":[{"x":…,"y":…,"width":…,"height":…,"reason":…}]}`.
 *
 * @throws SallyportError `ERR_MEDIA_PLAN_INVALID` naming the first fault
 */
export function parseRegions(text: string): MaskRegionFile['regions'] {
  return parse(MaskRegionFile, jsonOf(text), 'ERR_MEDIA_PLAN_INVALID').regions;
}

/** Null when it is not JSON: the schema then names the fault. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
