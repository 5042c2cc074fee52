import type { NativeIssue, Vocabulary } from "../domain/issue.ts";
import type { SourceConfig } from "../domain/source.ts";

export type Source = Pick<SourceConfig, "key" | "historyMs"> & {
  /** The tracker's immutable id, once known, so that a renamed repository is still found. */
  readonly nativeId: string | null;
};

/** The result of reading a single issue. */
export type ReadResult =
  | {
      readonly kind: "issue";
      readonly issue: NativeIssue;
      readonly seen: Partial<Vocabulary>;
      readonly requestedAt: number;
    }
  /** It now has another source or key. */
  | { readonly kind: "moved"; readonly url: string | null }
  | { readonly kind: "gone" }
  /** Not readable with these credentials; whether it exists is unknown. */
  | { readonly kind: "forbidden" };
