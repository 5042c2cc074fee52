import type { NativeIssue, Vocabulary } from "../../src/domain/issue.ts";
import type { Mapping } from "../../src/domain/mapping.ts";
import type { SourceConfig } from "../../src/domain/source.ts";
import type { Page } from "../../src/store/mirror/page.ts";
import type { NewAgent, NewWorkspace } from "../../src/domain/work-records.ts";

/** Complete issues, pages and sources for tests, which override what matters to them. */
export function makeIssue(number: number, part: Partial<NativeIssue> = {}): NativeIssue {
  return {
    nativeId: `n${number}`,
    key: `#${number}`,
    formerKeys: [],
    url: `https://tracker.test/issues/${number}`,
    type: "issue",
    title: `Issue ${number}`,
    body: "",
    stateId: "open",
    nativePriority: null,
    labelIds: [],
    assigneeIds: [],
    authorId: null,
    parentId: null,
    cycleId: null,
    createdAt: 1_000 + number,
    updatedAt: 2_000 + number,
    closedAt: null,
    dueDate: null,
    estimate: null,
    commentCount: null,
    children: null,
    relations: null,
    version: null,
    ...part,
  };
}

export function makePage(changes: readonly NativeIssue[], part: Partial<Page> = {}): Page {
  return { changes, removed: [], rejected: [], seen: vocabulary, requestedAt: 10_000, sync: {}, ...part };
}

export function makeSource(key: string, part: Partial<SourceConfig> = {}): SourceConfig {
  return {
    id: `github:${key}`,
    tracker: "github",
    connection: "github",
    project: "shop",
    projectName: "Shop",
    key,
    refPrefix: key.slice(key.indexOf("/") + 1),
    historyMs: null,
    stateOverrides: {},
    shadow: false,
    ...part,
  };
}

export const vocabulary: Vocabulary = {
  states: [
    { id: "open", name: "Open", category: "open", position: 1 },
    { id: "closed", name: "Closed", category: "closed", position: 2 },
    { id: "dropped", name: "Not planned", category: "closed", position: 3 },
  ],
  labels: [
    { id: "l-bug", name: "Bug", color: "#ff0000" },
    { id: "l-progress", name: "In Progress", color: null },
    { id: "l-review", name: "in review", color: null },
    { id: "l-plan", name: "planning", color: null },
    { id: "l-urgent", name: "P0", color: null },
  ],
  people: [
    { id: "p-ann", login: "Ann", name: "Ann Ames", avatarUrl: null },
    { id: "p-ben", login: "ben", name: "Ben Bell", avatarUrl: "https://tracker.test/ben.png" },
  ],
  cycles: [{ id: "c-1", name: "Sprint 1", startsAt: 1, endsAt: 2 }],
  priorities: [
    { id: "high", name: "High" },
    { id: "low", name: "Low" },
  ],
};

export const mapping: Mapping = {
  statusRules: [
    { stateId: "open", label: "in review", status: "in_review", origin: "detected" },
    { stateId: "open", label: "in progress", status: "in_progress", origin: "detected" },
    { stateId: "open", label: "planning", status: "planning", origin: "detected" },
    { stateId: "open", status: "backlog", origin: "detected" },
    { stateId: "closed", status: "done", origin: "detected" },
    { stateId: "dropped", status: "canceled", origin: "detected" },
  ],
  priorityRules: [
    { label: "P0", priority: 1 },
    { nativePriority: "high", priority: 2 },
    { nativePriority: "low", priority: 4 },
  ],
};

export const sourceInfo = {
  id: "s1",
  key: "acme/shop",
  name: "Shop",
  url: "https://tracker.test/acme/shop",
  readable: true,
  reason: null,
};

export function makeWorkspace(issueId: number, part: Partial<NewWorkspace> = {}): NewWorkspace {
  return {
    issueId,
    project: "shop",
    repository: "/code/shop",
    path: `/spaces/${issueId}`,
    branch: `feature/${issueId}`,
    base: "origin/main",
    baseCommit: null,
    state: "creating",
    step: "fetch",
    problem: null,
    notes: [],
    at: 5_000,
    ...part,
  };
}

export const makeAgent = (issueId: number, workspaceId: number): NewAgent => ({
  issueId,
  workspaceId,
  project: "shop",
  name: "claude",
  plan: false,
  prompt: "",
  actor: "you",
  at: 6_000,
});
