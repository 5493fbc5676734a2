import { isSallyportError, type ErrorCode, type SallyportError } from '@sallyport/contracts';

/** The codes this package throws itself; record and certificate faults keep their own codes. */
export type SealErrorCode = Extract<ErrorCode, `ERR_SEAL_${string}`>;

/** A fault of a sealed package. */
export type SealError = SallyportError & { readonly code: SealErrorCode };

/** Narrows a caught value to a fault of the package format. */
export function isSealError(value: unknown): value is SealError {
  return isSallyportError(value) && value.code.startsWith('ERR_SEAL_');
}
