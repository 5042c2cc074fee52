import type { Issue } from "./schema.ts";
import { Sprint } from "./schema.ts";

/** The sprints that an issue is or was in, oldest first. Cloud returns objects; Data Center prints its Java objects as text. */
export function readSprints(fields: Issue["fields"], ids: readonly string[]): Sprint[] {
  return ids
    .flatMap((id): unknown[] => {
      const value = fields[id];
      return Array.isArray(value) ? value : [];
    })
    .map((value) => (typeof value === "string" ? parseSprint(value) : (Sprint.safeParse(value).data ?? null)))
    .filter((sprint) => sprint !== null);
}

/** The fields of the printed object. A name may contain commas and equal signs, so it ends at the next field's name. */
const fieldNames = [
  "id",
  "rapidViewId",
  "state",
  "name",
  "goal",
  "startDate",
  "endDate",
  "completeDate",
  "activatedDate",
  "sequence",
  "synced",
  "autoStartStop",
  "incompleteIssuesDestinationId",
];
const boundary = new RegExp(`(?:^|,)(${fieldNames.join("|")})=`, "g");

/** `com.atlassian.greenhopper.service.sprint.Sprint@1f[id=7,rapidViewId=2,state=ACTIVE,name=Sprint 7,startDate=…]`; null for anything else. */
export function parseSprint(text: string): Sprint | null {
  const inner = /\[(.*)\]$/s.exec(text)?.[1];
  if (inner === undefined) return null;
  const values = new Map<string, string>();
  const starts = [...inner.matchAll(boundary)];
  starts.forEach((match, index) => {
    const name = match[1] ?? "";
    const value = inner.slice(match.index + match[0].length, starts[index + 1]?.index ?? inner.length);
    // A goal is free text and may look like fields, so the first value counts.
    if (!values.has(name)) values.set(name, value === "<null>" ? "" : value);
  });
  const parsed = Sprint.safeParse({
    id: values.get("id"),
    name: values.get("name"),
    state: values.get("state"),
    startDate: values.get("startDate"),
    endDate: values.get("endDate"),
  });
  return parsed.success && parsed.data.id !== "" ? parsed.data : null;
}
