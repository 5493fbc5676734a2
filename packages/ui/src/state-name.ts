import { stateLabel, type RequestState } from '@sallyport/contracts';
import { currentLanguage } from './words.ts';

/** A state in the page's language. */
export function stateName(state: RequestState): string {
  return stateLabel(state, currentLanguage());
}
