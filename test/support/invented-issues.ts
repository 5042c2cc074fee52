import type { NativeComment, NativeIssue, Vocabulary } from "../../src/domain/issue.ts";
import type { Mapping } from "../../src/domain/mapping.ts";
import type { SourceForm, SourceRow } from "../../src/store/sources/source-row.ts";
import type { Store } from "../../src/store/store.ts";

const titles = [
  "Keep the session when the network drops",
  "Export invoices as CSV",
  "Search forgets the last filter",
  "Rotate signing keys without downtime",
  "Dark mode flashes on first paint",
  "Retry webhooks that time out",
  "Show the true count above each column",
  "Import fails on names with commas",
  "Slow first load on a cold cache",
  "Let admins merge duplicate customers",
];

const vocabulary: Vocabulary = {
  states: [
    { id: "s-backlog", name: "Backlog", category: "backlog", position: 0 },
    { id: "s-spec", name: "Spec", category: "started", position: 1 },
    { id: "s-progress", name: "In Progress", category: "started", position: 2 },
    { id: "s-review", name: "Code Review", category: "started", position: 3 },
    { id: "s-done", name: "Done", category: "completed", position: 4 },
    { id: "s-canceled", name: "Canceled", category: "canceled", position: 5 },
  ],
  labels: [
    { id: "l-bug", name: "bug", color: "#d73a4a" },
    { id: "l-docs", name: "documentation", color: "#0075ca" },
    { id: "l-help", name: "help wanted", color: "#008672" },
    { id: "l-odd", name: "needs, work", color: null },
  ],
  people: [
    { id: "p1", login: "ada", name: "Ada Byron", avatarUrl: null },
    { id: "p2", login: "linus", name: "Linus Berg", avatarUrl: null },
    { id: "p3", login: "mina", name: "Mina Okafor", avatarUrl: null },
  ],
  cycles: [{ id: "c1", name: "Sprint 12", startsAt: Date.UTC(2026, 10, 16), endsAt: Date.UTC(2026, 10, 30) }],
  priorities: [1, 2, 3, 4].map((id) => ({ id: String(id), name: ["", "Urgent", "High", "Medium", "Low"][id] ?? "" })),
};

const mapping: Mapping = {
  statusRules: (["backlog", "planning", "in_progress", "in_review", "done", "canceled"] as const).map(
    (status, index) => ({ stateId: vocabulary.states[index]?.id ?? "", status, origin: "detected" }),
  ),
  priorityRules: ([1, 2, 3, 4] as const).map((priority) => ({ nativePriority: String(priority), priority })),
};

const newest = Date.UTC(2026, 10, 22, 12);

/** A source's made-up issue of this number; deterministic. */
export function inventedIssue(source: SourceRow, number: number, changes: Partial<NativeIssue> = {}): NativeIssue {
  const { config } = source;
  const numbered = config.refPrefix !== "";
  const state = vocabulary.states[(number * 7) % vocabulary.states.length];
  const closed = state?.category === "completed" || state?.category === "canceled";
  const updatedAt = newest - number * 3_600_000;
  return {
    nativeId: `${config.id}/${number}`,
    key: numbered ? `#${number}` : `${config.key}-${number}`,
    formerKeys: [],
    url: numbered
      ? `https://alpha.example/${config.key}/issues/${number}`
      : `https://beta.example/issue/${config.key}-${number}`,
    type: number % 4 === 0 ? "Bug" : "Task",
    title: `${titles[number % titles.length]} (${number})`,
    body: `Found while testing release ${number % 9}.\n\n- [ ] reproduce\n- [x] report\n\nSee **${config.key}** for \`details\`.`,
    stateId: state?.id ?? "",
    nativePriority: number % 5 === 0 ? null : String(number % 5),
    labelIds: number % 3 === 0 ? ["l-bug"] : number % 7 === 0 ? ["l-docs", "l-help", "l-odd"] : [],
    assigneeIds: number % 4 === 1 ? [] : [`p${(number % 3) + 1}`],
    authorId: `p${((number + 1) % 3) + 1}`,
    parentId: number % 10 === 9 ? `${config.id}/${number - 1}` : null,
    cycleId: number % 6 === 0 ? "c1" : null,
    createdAt: updatedAt - 30 * 86_400_000,
    updatedAt,
    closedAt: closed ? updatedAt : null,
    dueDate: number % 8 === 0 ? "2026-12-01" : null,
    estimate: number % 5 === 2 ? 3 : null,
    commentCount: number % 3,
    children: null,
    relations: null,
    version: null,
    ...changes,
  };
}

/** Fills every source of the store, as a completed first sync would. `form`: if absent, nobody is a member. */
export async function fillStore(store: Store, issuesPerSource: number, at = newest, form?: SourceForm): Promise<void> {
  for (const source of await store.sources.list()) {
    await describeInvented(store, source, at, form);
    for (let first = 1; first <= issuesPerSource; first += 100) {
      const last = Math.min(first + 99, issuesPerSource);
      await putIssues(
        store,
        source,
        Array.from({ length: last - first + 1 }, (_, index) => inventedIssue(source, first + index)),
        at,
      );
    }
    await store.sources.saveSync(source.id, { cursor: { at }, resume: null, lastCompleteAt: at, lastSweepAt: at });
  }
}

/** Describes a source, as a sync does; `members`: the logins of those who can be assigned, default: everybody. */
export async function describeInvented(
  store: Store,
  { id, config }: SourceRow,
  at: number,
  form?: SourceForm,
  members: readonly string[] = vocabulary.people.map(({ login }) => login),
): Promise<void> {
  await store.sources.saveSchema(id, {
    info: { id: `native-${config.id}`, key: config.key, name: config.key, url: null, readable: true, reason: null },
    vocabulary: { ...vocabulary, people: vocabulary.people.filter(({ login }) => members.includes(login)) },
    mapping,
    ...(form !== undefined && { form }),
    at,
  });
}

/** Upserts issues of one source, as one page of a sync. */
export async function putIssues(
  store: Store,
  source: SourceRow,
  changes: readonly NativeIssue[],
  requestedAt: number,
): Promise<{ sequence: number; refs: readonly string[] }> {
  return store.mirror.applyPage(source.id, { changes, removed: [], rejected: [], seen: {}, requestedAt, sync: {} });
}

/** Gives an issue this many changes: its title becomes `Title 1`, `Title 2`, …, one a second. */
export async function addHistory(store: Store, source: SourceRow, number: number, changes: number): Promise<void> {
  const issue = inventedIssue(source, number);
  for (let change = 1; change <= changes; change += 1) {
    const updatedAt = issue.updatedAt + change * 1000;
    await putIssues(store, source, [{ ...issue, title: `Title ${change}`, updatedAt }], Date.now() + change);
  }
}

export function inventedComments(count: number): NativeComment[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `c${index + 1}`,
    authorId: `p${(index % 3) + 1}`,
    body: `Comment ${index + 1}: it happens **again**.`,
    createdAt: newest - (count - index) * 60_000,
    updatedAt: newest - (count - index) * 60_000,
  }));
}
