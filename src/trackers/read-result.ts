import type { NativeIssue, Vocabulary } from "../domain/issue.ts";
import type { SourceConfig } from "../domain/source.ts";

export type Source = Pick<SourceConfig, "key" | "historyMs"> & {
  /** The tracker's immutable id once known: a renamed repository is still found. */
  readonly nativeId: string | null;
};

/** What became of an issue that is read alone. */
export type ReadResult =
  | {
      readonly kind: "issue";
      readonly issue: NativeIssue;
      readonly seen: Partial<Vocabulary>;
      readonly requestedAt: number;
    }
  /** It lives on elsewhere, under another source or key. */
  | { readonly kind: "moved"; readonly url: string | null }
  | { readonly kind: "gone" }
  /** Unreadable with these credentials, which says nothing about whether it exists. */
  | { readonly kind: "forbidden" };
