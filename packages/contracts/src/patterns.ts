/** Regular expressions of the scalar schemas, for code that holds a bare string. */
export const ID128 = /^[0-9a-f]{32}$/;
export const SHA256_HEX = /^[0-9a-f]{64}$/;
