import type { OperationState } from "../domain/operation.ts";
import type { AgentReach } from "../domain/work-settings.ts";
import type { IssueDraft, IssuePatch, RelationInput } from "../server/contract/change.ts";
import type { CommentShape, IssueDetailShape, IssueListShape, IssueShape } from "../server/contract/issue.ts";

/** The delivery state of a change. */
export type Delivery = {
  readonly state: OperationState;
  readonly reason: string | null;
  readonly hint: string | null;
};

/** A filter or sort with the parameters of `GET /api/issues`. */
export type WrittenFilter = readonly (readonly [key: string, value: string])[];

/** The tools' access to issues, provided by the composition root. Throws PanopticonErrors. */
export type IssueDesk = {
  /** What the caller may read and change, by the user's current setting. */
  reach(): Promise<AgentReach>;
  /** The issue the caller works on; null: the caller is not an agent. */
  own(): Promise<IssueDetailShape | null>;
  search(
    filter: WrittenFilter,
    page: { readonly limit: number; readonly cursor: string | null },
  ): Promise<IssueListShape>;
  /** Reads an issue with its current comments. `note`: why they may be outdated. */
  read(ref: string): Promise<{ readonly issue: IssueDetailShape; readonly note: string | null }>;
  /** Reads an issue from the mirror. */
  find(ref: string): Promise<IssueDetailShape>;
  /** Changes are on disk, under the caller's name, when these resolve; `delivered` waits a few seconds for the tracker. */
  edit(address: string, patch: IssuePatch): Promise<Changed<IssueShape>>;
  comment(address: string, body: string, replyTo?: string): Promise<Changed<CommentShape>>;
  create(draft: IssueDraft): Promise<Changed<IssueShape>>;
  relate(address: string, type: RelationInput["type"], other: string): Promise<Changed<IssueShape>>;
};

export type Changed<Shape> = { readonly result: Shape; readonly delivery: readonly Delivery[] };
