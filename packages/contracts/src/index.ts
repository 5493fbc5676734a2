export { assertNever } from './assert-never.ts';
export * from './bytes.ts';
export * from './canonical.ts';
export * from './certificates.ts';
export * from './errors/index.ts';
export * from './parse.ts';
export * from './patterns.ts';
export * from './scalars.ts';
export * from './states.ts';
