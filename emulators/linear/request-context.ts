import type { Viewer } from "./list-issues.ts";

/** The caller and what their key may do. */
export type RequestContext = Viewer & {
  /** Whether the key may write. */
  readonly writes: boolean;
  /** For `rateLimitStatus`. */
  readonly limits: () => object;
};
