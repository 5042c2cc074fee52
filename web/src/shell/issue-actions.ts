import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { statusLabels } from "../../../src/domain/status.ts";
import { editorAddress } from "../agents/editor-link.ts";
import { subjectOf } from "../changes/use-issue-changes.ts";
import { fieldLabels, fieldNames, type FieldName } from "../fields/field-name.ts";
import type { IconName } from "../ui/icon.tsx";
import type { Command } from "./command-words.ts";

export type Doing = {
  readonly startAgent: (issues: readonly IssueShape[], plan: boolean) => void;
  readonly openField: (field: FieldName, issues: readonly IssueShape[]) => void;
  readonly openIssue: (issue: IssueShape) => void;
  readonly copy: (text: string) => void;
  readonly linkOf: (issue: IssueShape) => string;
};

const icons: Record<FieldName, IconName> = {
  status: "right",
  priority: "sort",
  assignees: "user",
  labels: "tag",
  cycle: "sync",
  dueDate: "cal",
  estimate: "info",
  parent: "link",
  type: "file",
};

/** Synonyms of field names. */
const otherNames: Partial<Record<FieldName, string>> = {
  status: "status state column",
  assignees: "assign person",
  labels: "tag",
  cycle: "sprint iteration milestone",
  dueDate: "deadline",
  estimate: "points",
};

const keys: Partial<Record<FieldName, string>> = { status: "S", priority: "P", assignees: "I", labels: "L" };

/** The palette's actions on one or more issues. */
export function issueActions(issues: readonly IssueShape[], doing: Doing): readonly Command[] {
  const [first] = issues;
  if (first === undefined) return [];
  const subject = subjectOf(issues);
  const fields = fieldNames.map((field): Command => {
    const key = keys[field];
    return {
      id: `${field} ${subject}`,
      label: field === "status" ? `Move ${subject} to…` : `${fieldLabels[field]} of ${subject}…`,
      ...(field === "status" &&
        issues.every(({ status }) => status === first.status) && {
          more: `${statusLabels[first.status]} now`,
          status: first.status,
        }),
      ...(otherNames[field] !== undefined && { also: otherNames[field] }),
      icon: icons[field],
      ...(key !== undefined && { key }),
      run: () => doing.openField(field, issues),
    };
  });
  const agents: readonly Command[] = [
    {
      id: `agent ${subject}`,
      label: `Start ${issues.length === 1 ? "agent" : "agents"} on ${subject}`,
      icon: "play",
      key: "A",
      run: () => doing.startAgent(issues, false),
    },
    {
      id: `plan ${subject}`,
      label: `Plan ${subject} with ${issues.length === 1 ? "an agent" : "agents"}…`,
      icon: "play",
      run: () => doing.startAgent(issues, true),
    },
  ];
  if (issues.length > 1) return [...fields, ...agents];
  return [
    ...fields,
    ...agents,
    { id: `open ${subject}`, label: `Open ${subject}`, icon: "right", key: "↵", run: () => doing.openIssue(first) },
    { id: `copy ${subject}`, label: `Copy reference ${subject}`, icon: "copy", run: () => doing.copy(first.ref) },
    ...(first.workspace === null
      ? []
      : [
          {
            id: `editor ${subject}`,
            label: `Open workspace of ${subject} in editor`,
            icon: "code" as const,
            key: "E",
            run: () => location.assign(editorAddress(first.workspace?.path ?? "")),
          },
          {
            id: `branch ${subject}`,
            label: `Copy branch name of ${subject}`,
            more: first.workspace.branch,
            icon: "branch" as const,
            run: () => doing.copy(first.workspace?.branch ?? ""),
          },
        ]),
    {
      id: `link ${subject}`,
      label: `Copy link to ${subject}`,
      icon: "link",
      run: () => doing.copy(doing.linkOf(first)),
    },
    ...(first.url === null
      ? []
      : [
          {
            id: `url ${subject}`,
            label: `Copy tracker URL of ${subject}`,
            icon: "ext" as const,
            run: () => doing.copy(first.url ?? ""),
          },
        ]),
  ];
}
