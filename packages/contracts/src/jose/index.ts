export * from './sign.ts';
export * from './sign-approval.ts';
export * from './wrap.ts';
