import type { Viewer } from "./list-issues.ts";

/** Who asks, and what their key may do. */
export type RequestContext = Viewer & {
  /** Whether the key may change anything. */
  readonly writes: boolean;
  /** For `rateLimitStatus`. */
  readonly limits: () => object;
};
