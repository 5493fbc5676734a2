import { isSallyportError } from '@sallyport/contracts';
import type { AtRestOpener } from '../store/at-rest.ts';
import type { FilePlaces } from '../store/file-places.ts';
import { findKeyRequest, wrapForJob } from './job-keys.ts';
import { openRequestGate, type GateTools } from './verify-gates.ts';

/** Answers one of media's requests for a file's key, after the first gate; false when there is none. */
export async function answerKeyRequest(
  tools: GateTools & { readonly places: FilePlaces; readonly atRest: AtRestOpener },
): Promise<boolean> {
  const request = await findKeyRequest(tools.db);
  if (request === null) return false;
  const answer = await decide(tools, request);
  await tools.db.jobKey.update({
    where: { id: request.id },
    data: { ...answer, answeredAt: new Date() },
  });
  return true;
}

async function decide(
  tools: Parameters<typeof answerKeyRequest>[0],
  request: Parameters<typeof wrapForJob>[0],
): Promise<{ wrapped: string } | { failure: string }> {
  try {
    await openRequestGate(tools, request.job.exportId, new Date());
    return { wrapped: await wrapForJob(request, tools.places, tools.atRest) };
  } catch (error) {
    // media is told the code and fails the step with it; a fault without a code is this role's own.
    return { failure: isSallyportError(error) ? error.code : 'ERR_INTERNAL' };
  }
}
