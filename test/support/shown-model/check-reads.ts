import assert from "node:assert/strict";
import type {
  BoardShape,
  FacetsShape,
  IssueDetailShape,
  IssueListShape,
  IssueShape,
} from "../../../src/server/contract/issue.ts";
import type { ShownStage } from "./stage.ts";

const query = (values: Record<string, string>) => `?${new URLSearchParams({ limit: "1000", ...values }).toString()}`;

/** Every read shows the same issues: their pages, the lists with each filter and order, the board, and the numbers of the filters. Returns the pages. */
export async function checkReadsAgree(stage: Pick<ShownStage, "get">): Promise<readonly IssueDetailShape[]> {
  const list = (values: Record<string, string> = {}) => stage.get<IssueListShape>(`/api/issues${query(values)}`);
  const all = await list();
  assert.equal(all.total, all.issues.length);
  const byRef = new Map(all.issues.map((card) => [card.ref, card]));
  const pages: IssueDetailShape[] = [];
  for (const card of all.issues) {
    const page = await stage.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(card.ref)}`);
    assert.deepEqual(cardOf(page), card, `the page of ${card.ref} shows its card`);
    pages.push(page);
  }
  const refsOf = (cards: readonly IssueShape[]) => cards.map(({ ref }) => ref).toSorted();
  const filtered = async (values: Record<string, string>, fits: (card: IssueShape) => boolean) => {
    const found = await list(values);
    assert.deepEqual(refsOf(found.issues), refsOf(all.issues.filter(fits)), JSON.stringify(values));
    assert.equal(found.total, found.issues.length);
  };
  const labels = new Set(all.issues.flatMap((card) => card.labels.map(({ name }) => name)));
  for (const label of labels) {
    await filtered({ label }, (card) => card.labels.some(({ name }) => name === label));
  }
  const people = new Set(all.issues.flatMap((card) => card.assignees.map(({ login }) => login)));
  for (const login of people) {
    await filtered({ assignee: login }, (card) => card.assignees.some((one) => one.login === login));
  }
  await filtered({ assignee: "none" }, ({ assignees }) => assignees.length === 0);
  const sorted = (await list({ sort: "updated" })).issues.map(({ updatedAt }) => updatedAt);
  assert.deepEqual(sorted, sorted.toSorted().toReversed(), "the order follows what is shown as updated");

  const board = await stage.get<BoardShape>("/api/board?limit=1000");
  assert.equal(board.total, all.total);
  for (const { status, total, issues } of board.columns) {
    assert.equal(total, issues.length, `the total of ${status}`);
    assert.equal(total, all.byStatus[status]);
    assert.deepEqual(
      new Set(issues),
      new Set(all.issues.filter((card) => card.status === status)),
      `the cards in ${status}`,
    );
    await filtered({ status }, (card) => card.status === status);
  }

  const facets = await stage.get<FacetsShape>("/api/facets");
  const countOf = (fits: (card: IssueShape) => boolean) => all.issues.filter(fits).length;
  for (const label of labels) {
    const told = facets.labels.find(({ name }) => name === label)?.issues;
    assert.equal(
      told,
      countOf((card) => card.labels.some(({ name }) => name === label)),
      `issues with ${label}`,
    );
  }
  for (const login of people) {
    const told = facets.assignees.find((one) => one.login === login)?.issues;
    assert.equal(
      told,
      countOf((card) => card.assignees.some((one) => one.login === login)),
      `issues of ${login}`,
    );
  }
  for (const page of pages) {
    const below = pages.filter(({ parent }) => parent?.ref === page.ref);
    const done = below.filter(({ status }) => status === "done" || status === "canceled").length;
    assert.deepEqual(page.children, { total: below.length, done }, `the children of ${page.ref}`);
    for (const { ref, type, origin } of page.relations) {
      const other = pages.find((one) => one.ref === ref);
      if (other === undefined || type === "duplicates" || type === "parent" || type === "child") continue;
      const inverse = { blocks: "blocked_by", blocked_by: "blocks", relates: "relates" }[type];
      assert.ok(
        other.relations.some((one) => one.ref === page.ref && (one.type === inverse || origin === "text")),
        `${other.ref} shows that ${page.ref} ${type} it`,
      );
    }
    const blockers = page.relations.filter(({ type }) => type === "blocked_by").map(({ ref }) => byRef.get(ref ?? ""));
    const open = blockers.flatMap((card) =>
      card === undefined || card.status === "done" || card.status === "canceled" ? [] : [card.ref],
    );
    assert.deepEqual(page.blockedBy.toSorted(), [...new Set(open)].toSorted(), `what blocks ${page.ref}`);
  }
  return pages;
}

/** The refs of the issues that a search finds. */
export async function search(stage: Pick<ShownStage, "get">, q: string): Promise<readonly string[]> {
  return (await stage.get<IssueListShape>(`/api/issues${query({ q })}`)).issues.map(({ ref }) => ref);
}

function cardOf(page: IssueDetailShape): IssueShape {
  const { body, relations, mentions, shortForms, comments, commentsFetchedAt, attachments, ...more } = page;
  const { history, historyTotal, historyCursor, ...card } = more;
  void [body, relations, mentions, shortForms, comments, commentsFetchedAt, attachments];
  void [history, historyTotal, historyCursor];
  return card;
}
