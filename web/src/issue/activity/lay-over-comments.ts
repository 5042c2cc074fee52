import type { CommentShape } from "../../../../src/server/contract/issue.ts";

/** A change of a comment that is not in what was read yet. */
export type LocalComment =
  | {
      readonly kind: "added";
      readonly key: string;
      readonly comment: CommentShape;
      /** Ids of the comments that were there before. */
      readonly known: ReadonlySet<string>;
    }
  | { readonly kind: "edited"; readonly key: string; readonly id: string; readonly body: string }
  | { readonly kind: "removed"; readonly key: string; readonly id: string };

/** Comments as they were read, with local changes over them. An added one that was read already, before its own answer came or was dealt with, is there once. */
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
