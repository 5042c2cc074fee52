import type { Status } from "../../domain/status.ts";
import type { EditableIssue } from "../../store/outbox/outbox.ts";
import type { IssueDetail } from "../../store/store.ts";
import type { AskChoices } from "../move/choose-move.ts";
import type { SourceContext } from "../source-context.ts";

/** The issue that a patch applies to. */
export type EditContext = {
  readonly issue: EditableIssue;
  /** The shown status, which is local in a shadowed project. */
  readonly status: Status;
  readonly source: SourceContext;
  readonly now: number;
  readonly ask: AskChoices;
  /** The issue with the names of what it refers to; fetched only if the source's vocabulary is not enough. */
  detail(): Promise<Pick<IssueDetail, "assignees" | "labels">>;
};
