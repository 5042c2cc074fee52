import type {
  BulkResultShape,
  IssueDraft,
  IssuePatch,
  OperationShape,
  OutboxShape,
  UndoResultShape,
} from "../../server/contract/change.ts";
import type { CommentShape, IssueDetailShape, IssueShape } from "../../server/contract/issue.ts";
import type { KeptDropInput, KeptMovesShape, KeptSendInput } from "../../server/contract/shadow.ts";
import type { ProjectShape } from "../../server/contract/project.ts";

/** The operations behind commands that change issues: through the running server, otherwise in this process under the data directory's lock. Errors are the API's. */
export type Changing = {
  issue(ref: string): Promise<IssueDetailShape>;
  projects(): Promise<readonly Pick<ProjectShape, "id" | "path" | "sources">[]>;
  create(draft: IssueDraft): Promise<IssueShape>;
  edit(ref: string, patch: IssuePatch): Promise<IssueShape>;
  comment(ref: string, body: string, replyTo?: string): Promise<CommentShape>;
  /** `type`: a relation type of the API. */
  link(ref: string, type: string, other: string): Promise<IssueShape>;
  unlink(ref: string, relationId: string): Promise<void>;
  undo(operation: number | null): Promise<UndoResultShape>;
  outbox(): Promise<OutboxShape>;
  retry(id: number, answer: MoveAnswer): Promise<OperationShape>;
  drop(id: number): Promise<OperationShape>;
  closeTwins(id: number): Promise<OperationShape>;
  resolve(id: number, choices: Readonly<Record<string, "mine" | "theirs">>): Promise<OperationShape>;
  /** The moves that stayed here. */
  keptMoves(project?: string): Promise<KeptMovesShape>;
  sendKept(input: KeptSendInput): Promise<BulkResultShape>;
  dropKept(input: KeptDropInput): Promise<BulkResultShape>;
  /** Waits a few seconds for delivery; resolves when none of these operations can be sent sooner. */
  deliver(ids: readonly number[]): Promise<void>;
  /** What is left then is tried again by a server by itself; without one, a later command has to. */
  readonly triesAgain: boolean;
  close(): Promise<void>;
};

export type MoveAnswer = { readonly transition?: string; readonly fields?: Record<string, unknown> };

/** Longer than a tracker usually takes, short enough to wait for. */
export const deliveryMs = 5_000;
