export * from './console-accounts.ts';
export * from './console-audit.ts';
export * from './console-directory.ts';
export * from './console-exports.ts';
export * from './console-requests.ts';
