import type { CommentShape } from "../../../../src/server/contract/issue.ts";

/** An optimistic change to comments that the fetched data does not include yet. */
export type LocalComment =
  | {
      /** `withdrawn`: adding it was undone. */
      readonly kind: "added" | "withdrawn";
      readonly comment: CommentShape;
      /** Ids of the comments that existed before. */
      readonly known: ReadonlySet<string>;
    }
  | { readonly kind: "edited"; readonly id: string; readonly body: string }
  | { readonly kind: "removed"; readonly id: string };

/** Applies local changes to fetched comments. An added comment that is already fetched, before its own response arrived or was processed, appears once. */
export function layOver(comments: readonly CommentShape[], changes: readonly LocalComment[]): readonly CommentShape[] {
  const claimed = new Set<string>();
  /** Added comments that are read, by their local id. */
  const claims = new Map<string, CommentShape>();
  return changes.reduce<readonly CommentShape[]>((shown, change) => {
    if (change.kind === "removed") return shown.filter(({ id }) => id !== change.id);
    if (change.kind === "edited")
      return shown.map((comment) =>
        comment.id === change.id ? { ...comment, body: change.body, pending: true } : comment,
      );
    const { known, comment } = change;
    const isRead = ({ id, body }: CommentShape) =>
      !known.has(id) && !claimed.has(id) && body.trim() === comment.body.trim();
    if (change.kind === "withdrawn") {
      const own = shown.find(({ id }) => id === comment.id) ?? claims.get(comment.id) ?? shown.find(isRead);
      return shown.filter((other) => other !== own);
    }
    const read = shown.find(isRead);
    claimed.add(read?.id ?? comment.id);
    if (read !== undefined) claims.set(comment.id, read);
    return read === undefined ? [...shown, comment] : shown;
  }, comments);
}
