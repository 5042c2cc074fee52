import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource, mapping, vocabulary } from "../../../test/support/store-fixtures.ts";
import type { IssueFilter, Sort } from "../../domain/filter.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { type Grouping, groupings } from "../../domain/grouping.ts";
import { priorityOf, statusOf } from "../../domain/mapping.ts";
import { parseFilter } from "../../domain/parse-filter.ts";
import { priorities, priorityRank } from "../../domain/priority.ts";
import { statuses } from "../../domain/status.ts";
import type { Store } from "../store.ts";

/** Few values, so that issues share them and the order has ties. */
const titleWords = ["alpha", "beta", "alphabet", "gamma", "beta-max"];
const issuePart = fc.record({
  title: fc.array(fc.constantFrom(...titleWords), { minLength: 1, maxLength: 3 }).map((list) => list.join(" ")),
  stateId: fc.constantFrom("open", "closed", "dropped"),
  labelIds: fc.subarray(vocabulary.labels.map((label) => label.id)),
  assigneeIds: fc.subarray(vocabulary.people.map((person) => person.id)),
  nativePriority: fc.constantFrom("high", "low", null),
  type: fc.constantFrom("issue", "Bug"),
  cycleId: fc.constantFrom("c-1", null),
  updatedAt: fc.integer({ min: 1, max: 4 }),
  createdAt: fc.integer({ min: 1, max: 3 }),
});

const anyFilter: fc.Arbitrary<IssueFilter> = fc.record(
  {
    project: fc.subarray(["one", "two"]),
    status: fc.subarray([...statuses]),
    state: fc.subarray(["open", "CLOSED", "no such state"]),
    assignee: fc.subarray(["ann", "ben", "none", "me", "stranger"]),
    label: fc.subarray(["bug", "in progress", "P0", "nothing"]),
    priority: fc.subarray([...priorities]),
    type: fc.subarray(["issue", "bug"]),
    cycle: fc.subarray(["Sprint 1"]),
    q: fc.constantFrom("", "alpha", "beta", "alpha beta", '"alpha beta"', '"alpha"', "max", "delta"),
    updated: fc.record({ after: fc.integer({ min: 0, max: 4 }), before: fc.integer({ min: 1, max: 5 }) }),
  },
  { requiredKeys: [] },
);

const anySort: fc.Arbitrary<Sort> = fc.record({
  key: fc.constantFrom("priority", "updated", "created", "manual", "relevance"),
  reverse: fc.boolean(),
});

type Known = NativeIssue & { readonly project: string; readonly order: number };

const labelNames = (issue: NativeIssue) =>
  issue.labelIds.map((id) => vocabulary.labels.find((label) => label.id === id)?.name ?? id);
const stateName = (issue: NativeIssue) =>
  vocabulary.states.find((state) => state.id === issue.stateId)?.name ?? issue.stateId;
const readStatus = (issue: NativeIssue) => statusOf(mapping, { ...issue, labels: labelNames(issue) });
const readPriority = (issue: NativeIssue) => priorityOf(mapping, { ...issue, labels: labelNames(issue) });

/** A plain reimplementation of the filter. */
function fits(issue: Known, filter: IssueFilter): boolean {
  const any = <T>(wanted: readonly T[] | undefined, test: (value: T) => boolean) =>
    wanted === undefined || wanted.length === 0 || wanted.some(test);
  const title = ` ${issue.title.replaceAll("-", " ")} `;
  const found: Record<string, boolean> = {
    "": true,
    alpha: title.includes(" alpha"),
    beta: title.includes(" beta"),
    "alpha beta": title.includes(" alpha") && title.includes(" beta"),
    '"alpha beta"': title.includes(" alpha beta "),
    '"alpha"': title.includes(" alpha "),
    max: title.includes(" max"),
    delta: false,
  };
  return (
    any(filter.project, (project) => project === issue.project) &&
    any(filter.status, (status) => status === readStatus(issue)) &&
    any(filter.state, (name) => foldName(name) === foldName(stateName(issue))) &&
    any(filter.assignee, (name) =>
      name === "none"
        ? issue.assigneeIds.length === 0
        : issue.assigneeIds.includes(name === "me" ? "p-ben" : `p-${name}`),
    ) &&
    any(filter.label, (label) => labelNames(issue).some((name) => foldName(name) === foldName(label))) &&
    any(filter.priority, (priority) => priority === readPriority(issue)) &&
    any(filter.type, (type) => type === issue.type.toLowerCase()) &&
    any(filter.cycle, () => issue.cycleId === "c-1") &&
    found[filter.q ?? ""] === true &&
    issue.updatedAt > (filter.updated?.after ?? -1) &&
    issue.updatedAt < (filter.updated?.before ?? Infinity)
  );
}

function inOrder(issues: readonly Known[], sort: Sort): string[] {
  const places: Record<Sort["key"], (issue: Known) => number[]> = {
    priority: (issue) => [-priorityRank(readPriority(issue)), issue.updatedAt, issue.order],
    updated: (issue) => [issue.updatedAt, issue.order],
    created: (issue) => [issue.createdAt, issue.order],
    // None of them was placed by hand.
    manual: (issue) => [issue.createdAt, issue.order],
    // Only without a search text; the relevance of a text is up to the database.
    relevance: (issue) => [issue.updatedAt, issue.order],
  };
  const compare = (a: Known, b: Known) => {
    const [x, y] = [places[sort.key](a), places[sort.key](b)];
    const at = x.findIndex((value, index) => value !== y[index]);
    return at < 0 ? 0 : (y[at] ?? 0) - (x[at] ?? 0);
  };
  const sorted = issues.toSorted(compare).map((issue) => issue.nativeId);
  return sort.reverse ? sorted.toReversed() : sorted;
}

const me = { github: "p-ben" };
const words = {
  trackers: ["github"],
  projects: [
    { id: "one", name: "One" },
    { id: "two", name: "Two" },
  ],
};
const first = { limit: 1, cursor: null, me };

/** The filter, to one group. */
function ofGroup(filter: IssueFilter, grouping: Grouping, group: string): { readonly filter: IssueFilter } {
  const { filter: one } = parseFilter([[grouping, group.replaceAll(",", "\\,")]], words);
  return { filter: { ...filter, ...one } };
}

async function readAll(store: Store, filter: IssueFilter, sort: Sort, limit: number, between?: () => Promise<unknown>) {
  const seen: string[] = [];
  const totals = new Set<number>();
  let window: Awaited<ReturnType<Store["board"]["issues"]>> | undefined;
  do {
    const cursor: string | null = window?.cursor ?? null;
    window = await store.board.issues({ filter, sort, limit, cursor, me: { github: "p-ben" } });
    seen.push(...window.issues.map((issue) => issue.nativeId));
    totals.add(window.total);
    await between?.();
  } while (window.cursor !== null);
  return { seen, totals: [...totals], byStatus: window.byStatus };
}

describe("board, with arbitrary issues", () => {
  onEachDatabase(({ open }) => {
    for (const fewMatches of [20_000, 3]) {
      const plan = fewMatches === 3 ? ", walking the indexes" : "";
      it(`shows exactly the issues that match the filter, in order, window by window${plan}`, async () => {
        const store = await open({ limits: { fewMatches } });
        const sources = await addSources(
          store,
          makeSource("acme/one", { project: "one" }),
          makeSource("acme/two", { project: "two" }),
        );
        let requestedAt = 1;
        const numbers = Array.from({ length: 40 }, (_, index) => index);
        await fc.assert(
          fc.asyncProperty(
            fc.array(issuePart, { minLength: numbers.length, maxLength: numbers.length }),
            fc.array(fc.tuple(anyFilter, anySort, fc.integer({ min: 1, max: 15 }), fc.constantFrom(...groupings)), {
              minLength: 6,
              maxLength: 6,
            }),
            async (parts, queries) => {
              requestedAt += 1;
              const issues = parts.map((part, index) => makeIssue(index + 1, part));
              for (const [which, source] of sources.entries()) {
                const changes = issues.filter((_, index) => index % 2 === which);
                await store.mirror.applyPage(source, makePage(changes, { requestedAt }));
              }
              // Issues of the first source got their ids first.
              const known: Known[] = issues.map((issue, index) => ({
                ...issue,
                project: index % 2 === 0 ? "one" : "two",
                order: (index % 2) * 1_000 + index,
              }));
              for (const [filter, sort, limit, grouping] of queries) {
                const wanted = known.filter((issue) => fits(issue, filter));
                const { seen, totals, byStatus } = await readAll(store, filter, sort, limit);
                const isRanked = sort.key === "relevance" && (filter.q ?? "") !== "";
                if (isRanked) assert.deepEqual(seen.toSorted(), wanted.map(({ nativeId }) => nativeId).toSorted());
                else assert.deepEqual(seen, inOrder(wanted, sort));
                assert.deepEqual(totals, [wanted.length]);
                if ((filter[grouping] ?? []).length === 0) {
                  const groups = await store.board.groups({ filter, grouping, me });
                  for (const { group, total, byStatus: counted } of groups) {
                    const one = await store.board.issues({ ...ofGroup(filter, grouping, group), sort, ...first });
                    assert.ok(total > 0);
                    assert.deepEqual([total, counted], [one.total, one.byStatus], `${grouping} ${group}`);
                  }
                  const among = groups.reduce((sum, { total }) => sum + total, 0);
                  if (grouping === "assignee") assert.ok(among >= wanted.length);
                  else assert.equal(among, wanted.length, grouping);
                }
                const columns = await store.board.columns({ filter, sort, limit, me: { github: "p-ben" } });
                for (const column of columns) {
                  const ofColumn = wanted.filter((issue) => readStatus(issue) === column.status);
                  assert.equal(column.total, ofColumn.length);
                  assert.equal(byStatus[column.status], ofColumn.length);
                  const shown = column.issues.map((issue) => issue.nativeId);
                  if (isRanked) {
                    const inColumn = new Set(ofColumn.map(({ nativeId }) => nativeId));
                    const ranked = seen.filter((id) => inColumn.has(id));
                    assert.deepEqual(shown, ranked.slice(0, limit));
                  } else assert.deepEqual(shown, inOrder(ofColumn, sort).slice(0, limit));
                  assert.equal(column.cursor !== null, ofColumn.length > limit);
                }
              }
            },
          ),
          { numRuns: 12 },
        );
        assert.deepEqual(await store.check(), []);
      });
    }

    it("neither loses an issue nor shows one twice while others change", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, makeSource("acme/one"));
      let requestedAt = 1;
      await fc.assert(
        fc.asyncProperty(
          fc.array(issuePart, { minLength: 30, maxLength: 30 }),
          fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), issuePart), { minLength: 1, maxLength: 20 }),
          anySort,
          async (parts, edits, sort) => {
            requestedAt += 1;
            const issues = parts.map((part, index) => makeIssue(index + 1, part));
            await store.mirror.applyPage(source, makePage(issues, { requestedAt }));
            const left = [...edits];
            const changed = new Set(edits.map(([number]) => `n${number}`));
            const { seen } = await readAll(store, {}, sort, 4, async () => {
              const edit = left.pop();
              if (!edit) return;
              requestedAt += 1;
              await store.mirror.applyPage(source, makePage([makeIssue(...edit)], { requestedAt }));
            });
            const quiet = issues.filter((issue) => !changed.has(issue.nativeId));
            for (const { nativeId } of quiet) {
              assert.equal(seen.filter((id) => id === nativeId).length, 1, nativeId);
            }
          },
        ),
        { numRuns: 10 },
      );
    });
  });
});
