import type { ErrorCode, ErrorDetail } from '@sallyport/contracts';
import type { OpenerSetup } from './opener.ts';

/** Page to worker. `id` pairs a question with its answer. */
export type ToWorker =
  | { readonly kind: 'set-up'; readonly id: number; readonly setup: OpenerSetup }
  | {
      readonly kind: 'open';
      readonly id: number;
      readonly index: number;
      readonly sealed: Uint8Array;
    };

/** Worker to page. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly id: number }
  | { readonly kind: 'opened'; readonly id: number; readonly plain: Uint8Array<ArrayBuffer> }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: ErrorCode;
      readonly detail: ErrorDetail;
    };
