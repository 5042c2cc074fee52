import { foldName } from "../../../src/domain/fold-name.ts";
import { parsePriority } from "../../../src/domain/priority.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { BoardQuery, Chip } from "../filter/board-query.ts";

/** The user's own accounts as `tracker:login`. */
type Mine = ReadonlySet<string>;

function matchesUpdated(issue: IssueShape, value: string): boolean {
  const [, comparison = "", time = ""] = /^([<>]?=?)(.*)$/.exec(value) ?? [];
  const at = Date.parse(issue.updatedAt);
  const start = Date.parse(time.length === 10 ? `${time}T00:00:00Z` : time);
  if (comparison.startsWith(">")) return at > start;
  if (comparison.startsWith("<")) return at < start;
  return at >= start && at < start + 86_400_000;
}

function matchesChip(issue: IssueShape, { key, value }: Chip, mine: Mine): boolean {
  switch (key) {
    case "tracker":
      return foldName(issue.tracker) === foldName(value);
    case "project":
      return foldName(issue.project) === foldName(value);
    case "status":
      return issue.status === value;
    case "state":
      return foldName(issue.nativeState.name) === foldName(value);
    case "assignee":
      if (value === "none") return issue.assignees.length === 0;
      return issue.assignees.some(
        ({ login }) =>
          login.toLowerCase() === value.toLowerCase() || (value === "me" && mine.has(`${issue.tracker}:${login}`)),
      );
    case "label":
      return issue.labels.some(({ name }) => foldName(name) === foldName(value));
    case "priority":
      return issue.priority === parsePriority(value);
    case "type":
      return foldName(issue.type) === foldName(value);
    case "cycle":
      if (issue.cycle === null) return foldName(value) === "none";
      return foldName(issue.cycle.name) === foldName(value);
    case "blocked":
      return issue.blockedBy.length > 0 === (value === "yes");
    case "agent":
      if (issue.agent === null) return value === "none";
      return value === "any" || issue.agent.state === value;
    case "updated":
      return matchesUpdated(issue, value);
  }
}

/**
 * Whether a changed issue still matches a filter: any value of each key, and every key. The text is not checked, since bodies and comments are not available
 * here; it is assumed to match as before.
 */
export function matchesQuery(issue: IssueShape, query: BoardQuery, mine: Mine): boolean {
  const byKey = Map.groupBy(query.chips, ({ key }) => key);
  return [...byKey.values()].every((chips) => chips.some((chip) => matchesChip(issue, chip, mine)));
}
