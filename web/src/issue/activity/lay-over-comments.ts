import type { CommentShape } from "../../../../src/server/contract/issue.ts";

/** An optimistic change to comments that the fetched data does not include yet. */
export type LocalComment =
  | {
      readonly kind: "added";
      readonly key: string;
      readonly comment: CommentShape;
      /** Ids of the comments that existed before. */
      readonly known: ReadonlySet<string>;
    }
  | { readonly kind: "edited"; readonly key: string; readonly id: string; readonly body: string }
  | { readonly kind: "removed"; readonly key: string; readonly id: string };

/** Applies local changes to fetched comments. An added comment that is already fetched, before its own response arrived or was processed, appears once. */
export function layOver(comments: readonly CommentShape[], changes: readonly LocalComment[]): readonly CommentShape[] {
  const claimed = new Set<string>();
  return changes.reduce<readonly CommentShape[]>((shown, change) => {
    if (change.kind === "added") {
      const { known, comment } = change;
      const isIt = ({ id, body }: CommentShape) =>
        !known.has(id) && !claimed.has(id) && body.trim() === comment.body.trim();
      const read = comments.find(isIt);
      if (read === undefined) return [...shown, comment];
      claimed.add(read.id);
      return shown;
    }
    if (change.kind === "removed") return shown.filter(({ id }) => id !== change.id);
    return shown.map((comment) =>
      comment.id === change.id ? { ...comment, body: change.body, pending: true } : comment,
    );
  }, comments);
}
