import type { OperationState } from "../domain/operation.ts";
import type { AgentReach } from "../domain/work-settings.ts";
import type { IssueDraft, IssuePatch, RelationInput } from "../server/contract/change.ts";
import type { CommentShape, IssueDetailShape, IssueListShape, IssueShape } from "../server/contract/issue.ts";

/** What became of a change on its way to its tracker. */
export type Delivery = {
  readonly state: OperationState;
  readonly reason: string | null;
  readonly hint: string | null;
};

/** A filter or sort in the words of `GET /api/issues`. */
export type WrittenFilter = readonly (readonly [key: string, value: string])[];

/** Issues as the tools reach them; wired where the parts are put together. Errors are PanopticonErrors. */
export type IssueDesk = {
  /** What the caller may read and change, as the user has it now. */
  reach(): Promise<AgentReach>;
  /** The issue that the caller works on; null: it is nobody's agent. */
  own(): Promise<IssueDetailShape | null>;
  search(
    filter: WrittenFilter,
    page: { readonly limit: number; readonly cursor: string | null },
  ): Promise<IssueListShape>;
  /** With its comments as the tracker has them now. `note`: why they may be old. */
  read(ref: string): Promise<{ readonly issue: IssueDetailShape; readonly note: string | null }>;
  /** As it is mirrored. */
  find(ref: string): Promise<IssueDetailShape>;
  /** Changes are on disk, under the caller's name, when these resolve; `delivered` waits some seconds for the tracker. */
  edit(address: string, patch: IssuePatch): Promise<Changed<IssueShape>>;
  comment(address: string, body: string): Promise<Changed<CommentShape>>;
  create(draft: IssueDraft): Promise<Changed<IssueShape>>;
  relate(address: string, type: RelationInput["type"], other: string): Promise<Changed<IssueShape>>;
};

export type Changed<Shape> = { readonly result: Shape; readonly delivery: readonly Delivery[] };
