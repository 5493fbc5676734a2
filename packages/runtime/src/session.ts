/** Who calls, as the server's own session row says it (never the cookie). */
export interface Session {
  readonly sessionId: string;
  readonly accountId: string;
  readonly role: string;
  /** Value that state-changing calls repeat in the `x-sallyport-csrf` header. */
  readonly csrf: string;
}
