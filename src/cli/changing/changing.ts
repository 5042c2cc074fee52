import type {
  IssueDraft,
  IssuePatch,
  OperationShape,
  OutboxShape,
  UndoResultShape,
} from "../../server/contract/change.ts";
import type { CommentShape, IssueDetailShape, IssueShape } from "../../server/contract/issue.ts";
import type { ProjectShape } from "../../server/contract/project.ts";

/** What changing commands ask: the server where one runs, else this process under the data directory's lock. Errors are the API's. */
export type Changing = {
  issue(ref: string): Promise<IssueDetailShape>;
  projects(): Promise<readonly Pick<ProjectShape, "id" | "path" | "sources">[]>;
  create(draft: IssueDraft): Promise<IssueShape>;
  edit(ref: string, patch: IssuePatch): Promise<IssueShape>;
  comment(ref: string, body: string): Promise<CommentShape>;
  /** `type` as the API has it. */
  link(ref: string, type: string, other: string): Promise<IssueShape>;
  unlink(ref: string, relationId: string): Promise<void>;
  undo(operation: number | null): Promise<UndoResultShape>;
  outbox(): Promise<OutboxShape>;
  retry(id: number, answer: MoveAnswer): Promise<OperationShape>;
  drop(id: number): Promise<OperationShape>;
  closeTwins(id: number): Promise<OperationShape>;
  resolve(id: number, choices: Readonly<Record<string, "mine" | "theirs">>): Promise<OperationShape>;
  /** Gives what is on its way some seconds; answers when none of these entries can be sent sooner. */
  deliver(ids: readonly number[]): Promise<void>;
  close(): Promise<void>;
};

export type MoveAnswer = { readonly transition?: string; readonly fields?: Record<string, unknown> };

/** Longer than a tracker mostly takes, short enough to wait for. */
export const deliveryMs = 5_000;
