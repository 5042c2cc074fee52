import type { Status } from "../../domain/status.ts";
import type { EditableIssue } from "../../store/outbox/outbox.ts";
import type { IssueDetail } from "../../store/store.ts";
import type { AskChoices } from "../move/choose-move.ts";
import type { SourceContext } from "../source-context.ts";

/** The issue that a patch is read for. */
export type EditContext = {
  readonly issue: EditableIssue;
  /** As it is shown, which a project may keep to itself. */
  readonly status: Status;
  readonly source: SourceContext;
  readonly now: number;
  readonly ask: AskChoices;
  /** The issue with the names of what it refers to; asked only where the source's own words do not do. */
  detail(): Promise<Pick<IssueDetail, "assignees" | "labels">>;
};
