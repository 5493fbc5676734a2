/** Ends an exhaustive `switch`: a value here means the union grew and this place did not. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
