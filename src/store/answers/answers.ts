/** The answer to a request. */
export type Answer = { readonly status: number; readonly body: string };

export type Opened =
  /** The key is new and now belongs to this request. */
  | { readonly kind: "new" }
  /** The same request was already answered. */
  | { readonly kind: "answered"; readonly answer: Answer }
  /** The same request was started but not answered: it is in progress, or the process died during it. */
  | { readonly kind: "unanswered" }
  /** The key belongs to a different request. */
  | { readonly kind: "other" };

/** Answers by `Idempotency-Key`, kept for a day: a repeated request gets the same answer and has no further effect. */
export type AnswerStore = {
  /** Reserves a key for a request. Durable before the request does anything. `fingerprint` distinguishes requests. */
  open(key: string, fingerprint: string): Promise<Opened>;
  finish(key: string, answer: Answer): Promise<void>;
  /** Releases the key of a request that did nothing, for reuse. */
  release(key: string): Promise<void>;
};
