import { Count, Id128, Line, MaskCoverage, Sha256, strictObject } from '@sallyport/contracts';
import Type, { type Static } from 'typebox';

/** What the render left: two files at rest and what is known of them. */
export const RenderedFacts = strictObject({
  planVersion: Count,
  clip: strictObject({
    fileId: Id128,
    sha256: Sha256,
    sizeBytes: Count,
    codec: Line(40),
    width: Count,
    height: Count,
    durationMs: Count,
    frameCount: Count,
  }),
  report: strictObject({ fileId: Id128, sha256: Sha256, sizeBytes: Count }),
  trackCount: Count,
  coverage: Type.Optional(MaskCoverage),
});
export type RenderedFacts = Static<typeof RenderedFacts>;
