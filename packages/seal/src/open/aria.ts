// Node only: the station command adds this suite to those it opens with.
export { ARIA_256_GCM } from '../aria.ts';
