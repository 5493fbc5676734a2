export * from './model-manifest.ts';
export * from './mask-plan.ts';
export * from './redaction-report.ts';
