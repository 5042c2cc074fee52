import { agentWords, blockedWords } from "../../domain/filter.ts";
import { priorityLabels } from "../../domain/priority.ts";
import { statuses, statusLabels } from "../../domain/status.ts";
import { relationTypes } from "../../domain/issue.ts";
import { allProfiles } from "../../work/agents/profiles.ts";
import type { Context } from "../context.ts";
import { loadConfig } from "../load-config.ts";
import { openReading } from "../reading/open-reading.ts";
import { plainLine } from "../../domain/plain-text.ts";
import type { Reading } from "../reading/reading.ts";
import { anyFile, type Word } from "./word.ts";

/** The kinds of values. */
export type Kind =
  | "tracker"
  | "project"
  | "status"
  | "state"
  | "priority"
  | "assignee"
  | "label"
  | "type"
  | "cycle"
  | "ref"
  | "sort"
  | "blocked"
  | "agent state"
  | "operation"
  | "relation"
  | "source"
  | "profile"
  | "workspace"
  | "agent"
  | "file";

type Fixed = "status" | "priority" | "sort" | "blocked" | "agent state" | "relation" | "profile" | "file";

/** Complete from the issues changed most recently, up to this many: the user likely means one of them. */
const recentIssues = 1000;

/** The current values, from the running server or the mirror. */
export async function findValues(context: Context, kind: Kind, written: string): Promise<readonly Word[]> {
  switch (kind) {
    case "status":
      return statuses.map((value) => ({ value, description: statusLabels[value] }));
    case "priority":
      return Object.values(priorityLabels).map((label) => ({ value: label.toLowerCase(), description: "" }));
    case "sort":
      return ["priority", "updated", "created", "manual", "relevance"].flatMap((value) => [
        { value, description: "" },
        { value: `-${value}`, description: "reversed" },
      ]);
    case "blocked":
      return blockedWords.map((value) => ({ value, description: "" }));
    case "agent state":
      return agentWords.map((value) => ({ value, description: "" }));
    case "relation":
      return relationTypes.map((value) => ({ value: value.replaceAll("_", "-"), description: "" }));
    case "file":
      return [anyFile];
    case "profile":
      return allProfiles((await loadConfig(context, "none")).agents).map(({ id }) => ({ value: id, description: "" }));
    default:
      return fromReading(context, kind, written);
  }
}

async function fromReading(context: Context, kind: Exclude<Kind, Fixed>, written: string) {
  const reading = await openReading(context, { sync: false, onlyLook: true });
  try {
    return await read(reading, kind, written);
  } finally {
    await reading.close();
  }
}

async function read(reading: Reading, kind: Exclude<Kind, Fixed>, written: string): Promise<readonly Word[]> {
  if (kind === "tracker") {
    const { trackers } = await reading.trackers();
    return trackers.map(({ connection, label }) => ({ value: connection, description: label }));
  }
  if (kind === "project") {
    const { projects } = await reading.projects();
    return projects.map(({ id, name }) => ({ value: id, description: plainLine(name) }));
  }
  if (kind === "source") {
    const { projects } = await reading.projects();
    return projects.flatMap(({ name, sources }) =>
      sources.map(({ key }) => ({ value: key, description: plainLine(name) })),
    );
  }
  if (kind === "operation") {
    const { operations } = await reading.outbox();
    return operations.map(({ id, ref, kind: what }) => ({ value: String(id), description: `${ref} ${what}` }));
  }
  const query = { written: [["sort", "updated"] as const], limit: recentIssues, cursor: null };
  const { issues } = await reading.issues(query);
  if (kind === "ref" || kind === "workspace" || kind === "agent") {
    const folded = written.toLowerCase();
    return issues
      .filter((issue) => kind === "ref" || issue[kind] !== null)
      .filter(({ ref }) => ref.toLowerCase().startsWith(folded))
      .map(({ ref, title }) => ({ value: ref, description: plainLine(title) }));
  }
  const named = issues.flatMap((issue) => {
    switch (kind) {
      case "state":
        return [issue.nativeState.name];
      case "assignee":
        return issue.assignees.map(({ login }) => login);
      case "label":
        return issue.labels.map(({ name }) => name);
      case "type":
        return [issue.type];
      case "cycle":
        return issue.cycle === null ? [] : [issue.cycle.name];
    }
  });
  const also = kind === "assignee" ? ["me", "none"] : kind === "cycle" ? ["none"] : [];
  return [...new Set([...also, ...named])].map((value) => ({ value: plainLine(value), description: "" }));
}
