import type { IssueFilter } from "../../domain/filter.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { NotMirroredShape } from "../contract/issue.ts";

/** What the board cannot show, with the reason, so that nothing is missing silently. Only for sources that the filter includes. */
export function findNotMirrored(
  sources: readonly SourceRow[],
  filter: IssueFilter,
  /** Connections whose user is unknown. */
  withoutAccount: readonly string[],
): NotMirroredShape[] {
  return sources
    .filter((source) => isAskedFor(source, filter))
    .flatMap((source) => {
      const { config, sync, rejected } = source;
      const notes: NotMirroredShape[] = [];
      const { id, project } = config;
      const note = (reason: string, count: number | null, history = false) =>
        notes.push({ source: id, reason, count, project, history });
      if (sync.lastCompleteAt === null) {
        note(`The first sync has not finished${sync.error === null ? "." : `: ${sync.error.message}`}`, null);
      } else if (sync.error !== null) {
        note(sync.error.message, null);
      }
      if (sync.outside !== null && sync.outside.count !== 0) note(sync.outside.reason, sync.outside.count, true);
      if (rejected > 0) note("The tracker sent records that could not be read.", rejected);
      if (filter.assignee?.some(isMe) === true && withoutAccount.includes(config.connection)) {
        note("It is not known yet who “me” is here.", null);
      }
      return notes;
    });
}

function isAskedFor({ config }: SourceRow, filter: IssueFilter): boolean {
  return (filter.tracker?.includes(config.tracker) ?? true) && (filter.project?.includes(config.project) ?? true);
}

function isMe(assignee: string): boolean {
  return assignee.toLowerCase() === "me";
}
