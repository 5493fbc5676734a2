export * from './sign.ts';
export * from './wrap.ts';
