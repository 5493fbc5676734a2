import {
  SallyportError,
  assertNever,
  parseMaskPlan,
  type MaskEdit,
  type MaskPlan,
  type MaskTrack,
} from '@sallyport/contracts';

/**
 * Applies an operator's changes as the next version. What a detector found can be shown with a
 * reason but never removed or moved; hand-placed tracks may.
 *
 * @param trackIds one fresh id for each edit
 * @throws SallyportError ERR_MEDIA_PLAN_INVALID naming the track and the fault
 */
export function editMaskPlan(
  plan: MaskPlan,
  edits: readonly MaskEdit[],
  trackIds: readonly string[],
): MaskPlan {
  const tracks = edits.reduce(
    (present, edit, index) => applyEdit(present, edit, trackIds[index] ?? ''),
    plan.tracks,
  );
  return parseMaskPlan({ ...plan, version: plan.version + 1, tracks });
}

function applyEdit(tracks: MaskTrack[], edit: MaskEdit, trackId: string): MaskTrack[] {
  switch (edit.kind) {
    case 'add':
      return [...tracks, addedTrack(edit, trackId)];
    case 'change':
      requireOperators(tracks, edit.trackId);
      return replace(tracks, edit.trackId, {
        fromMs: edit.fromMs,
        toMs: edit.toMs,
        keyframes: edit.keyframes,
      });
    case 'remove':
      requireOperators(tracks, edit.trackId);
      return tracks.filter((track) => track.trackId !== edit.trackId);
    case 'show':
      return replace(tracks, edit.trackId, { decision: 'show', reason: edit.reason });
    case 'mask':
      return replace(tracks, edit.trackId, { decision: 'mask', reason: edit.reason });
    default:
      return assertNever(edit);
  }
}

function addedTrack(edit: Extract<MaskEdit, { kind: 'add' }>, trackId: string): MaskTrack {
  return {
    trackId,
    kind: edit.trackKind,
    origin: 'operator',
    decision: 'mask',
    reason: edit.reason,
    fromMs: edit.fromMs,
    toMs: edit.toMs,
    keyframes: edit.keyframes,
    seenFrames: 0,
    interpolatedFrames: 0,
    extendedFrames: 0,
  };
}

function replace(tracks: MaskTrack[], trackId: string, change: Partial<MaskTrack>): MaskTrack[] {
  requireTrack(tracks, trackId);
  return tracks.map((track) => (track.trackId === trackId ? { ...track, ...change } : track));
}

function requireOperators(tracks: readonly MaskTrack[], trackId: string): void {
  if (requireTrack(tracks, trackId).origin !== 'operator')
    throw fault(trackId, 'placed by the detector');
}

function requireTrack(tracks: readonly MaskTrack[], trackId: string): MaskTrack {
  const track = tracks.find((candidate) => candidate.trackId === trackId);
  if (track === undefined) throw fault(trackId, 'no such track');
  return track;
}

function fault(path: string, text: string): SallyportError {
  return new SallyportError('ERR_MEDIA_PLAN_INVALID', { detail: { path, fault: text } });
}
