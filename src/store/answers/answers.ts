/** An answer that a request got. */
export type Answer = { readonly status: number; readonly body: string };

export type Opened =
  /** Nobody used the key: it is this request's now. */
  | { readonly kind: "new" }
  /** The same request was answered before. */
  | { readonly kind: "answered"; readonly answer: Answer }
  /** The same request has begun and was not answered: it is under way, or the process died in the midst of it. */
  | { readonly kind: "unanswered" }
  /** Another request has this key. */
  | { readonly kind: "other" };

/** Answers given for an `Idempotency-Key`, kept for a day: the same request gets the same answer again, and does nothing twice. */
export type AnswerStore = {
  /** Takes a key for a request. Durable before the request does anything. `fingerprint` tells requests apart. */
  open(key: string, fingerprint: string): Promise<Opened>;
  finish(key: string, answer: Answer): Promise<void>;
  /** The request did nothing: its key may be used again. */
  release(key: string): Promise<void>;
};
