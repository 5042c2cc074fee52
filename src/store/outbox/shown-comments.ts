import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { anyOpenState, readOperations } from "./operation-row.ts";
import type { Operation } from "./outbox.ts";

type AnyComment = { readonly id: string; readonly body: string };

/**
 * Comments as they are shown: the stored ones with an issue's open operations applied in order. `edited` and `made` return the comment of an edit and of a new
 * comment with its text.
 */
export function withOpenComments<Comment extends AnyComment>(
  stored: readonly Comment[],
  operations: readonly Operation[],
  {
    edited,
    made,
  }: {
    readonly edited: (comment: Comment, body: string) => Comment;
    readonly made: (operation: Operation, body: string) => Comment;
  },
): readonly Comment[] {
  let comments = [...stored];
  for (const operation of operations) {
    const { id = null, body } = operation.payload.comment ?? {};
    const text = body ?? "";
    if (operation.kind === "delete_comment") comments = comments.filter((comment) => comment.id !== id);
    else if (operation.kind === "edit_comment") {
      comments = comments.map((comment) => (comment.id === id ? edited(comment, text) : comment));
    } else comments.push(made(operation, text));
  }
  return comments;
}

/** The open operations on these issues' comments, in order. */
export function readOpenCommentChanges(db: Trx, issueIds: readonly number[]): Promise<readonly Operation[]> {
  return readOperations(
    db,
    sql<boolean>`o.issue_id in ${db.dialect.list(issueIds)} and o.settled_at is null and o.state in ${anyOpenState}
      and o.kind in ('comment', 'edit_comment', 'delete_comment')`,
  );
}

/** The comments of each issue as they are shown, as one text, for the search and mentions. */
export async function findCommentTexts(db: Trx, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<AnyComment & { issueId: number }>`
    select issue_id as "issueId", native_id as id, body from comment
    where issue_id in ${db.dialect.list(ids)} order by issue_id, position`.execute(db);
  const stored = Map.groupBy(rows, ({ issueId }) => issueId);
  const open = Map.groupBy(await readOpenCommentChanges(db, ids), ({ issueId }) => issueId);
  const texts = [...new Set([...stored.keys(), ...open.keys()])].map((id): [number, string] => {
    const shown = withOpenComments<AnyComment>(stored.get(id) ?? [], open.get(id) ?? [], {
      edited: (comment, body) => ({ ...comment, body }),
      made: ({ uuid }, body) => ({ id: uuid, body }),
    });
    return [id, shown.map(({ body }) => `${body}\n`).join("")];
  });
  return new Map(texts);
}
