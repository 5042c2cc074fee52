// How often an issue's comments are sent to the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { NativeComment } from "../../src/domain/issue.ts";
import type { Store } from "../../src/store/store.ts";
import { after, before } from "../support/hooks.ts";
import { fillStore, inventedComments } from "../support/invented-issues.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

const count = 2_000;
const text = "it happens **again**, on every machine that it was tried on. ".repeat(10);
/** As they are in the tracker. */
let comments: readonly NativeComment[] = inventedComments(count).map((comment) => ({
  ...comment,
  body: `${comment.body} ${text}`,
}));

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage({
    issues: 5,
    prepare: async (store) => {
      await fillStore(store, 5, Date.now());
      await store.comments.replace(await idOf(store, "app#1"), comments, {}, Date.now());
    },
  });
  // As the engine does when a tracker answers.
  stage.harness.sync.answers.refreshIssue = async (id) => {
    const changed = await stage.harness.store.comments.replace(id, comments, {}, Date.now());
    if (changed.refs.length > 0) stage.harness.sync.emit({ type: "change", ...changed });
  };
});
after(() => stage.close());

async function idOf(store: Store, ref: string): Promise<number> {
  const { issues } = await store.board.issues({
    filter: {},
    sort: { key: "created", reverse: false },
    limit: 100,
    cursor: null,
    me: {},
  });
  return issues.find((issue) => issue.ref === ref)?.id ?? assert.fail(`no ${ref}`);
}

type Sent = { readonly calls: string[]; comments: number; bytes: number };

/** Adds up what the calls about an issue answer; the result resolves once all that have come are read. */
function listen(page: Page): () => Promise<Sent> {
  const sent: Sent = { calls: [], comments: 0, bytes: 0 };
  const reads: Promise<void>[] = [];
  page.on("requestfinished", (request) => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith("/api/issues/") || request.method() !== "GET") return;
    const add = async () => {
      const response = await request.response();
      const body = (await response?.text()) ?? "{}";
      const { comments: list } = JSON.parse(body) as { comments?: unknown[] };
      if (list === undefined) return;
      const what = pathname.split("/")[4] ?? "issue";
      sent.calls.push(`${what}: ${list.length} comments, ${body.length} bytes`);
      sent.comments += list.length;
      sent.bytes += body.length;
    };
    reads.push(add());
  });
  return async () => {
    await Promise.all(reads);
    return sent;
  };
}

/** Waits for the issue to be read again after its comments, as it always is. */
async function untilRead(page: Page, work: () => Promise<unknown>): Promise<void> {
  const after = page
    .waitForResponse((response) => /\/comments\b/.test(response.url()))
    .then(() => page.waitForResponse((response) => /\/api\/issues\/[^/]+\?/.test(response.url())));
  await work();
  await after;
}

for (const [ref, what] of [
  ["app#1", "known from before"],
  ["app#2", "fetched for the first time"],
] as const) {
  test(`2,000 comments of an issue that are ${what} are sent once, and then what changed`, async () => {
    const { page } = await stage.newTab();
    const read = listen(page);
    await untilRead(page, () => page.goto(new URL(`/issues/${encodeURIComponent(ref)}`, stage.harness.url).href));
    const all = comments.length;
    const heading = (number: number) =>
      page.getByRole("heading", { name: `Activity ${number.toLocaleString("en")} comments`, exact: true });
    await heading(all).waitFor();
    const opened = await read();
    assert.equal(opened.comments, all, opened.calls.join("\n"));
    assert.ok(opened.bytes < 1_800_000 && opened.calls.length <= 5, opened.calls.join("\n"));

    // In the tracker, an old comment is edited and a new one is written.
    const { store, sync } = stage.harness;
    const [newest = assert.fail()] = comments.slice(-1);
    comments = [...comments, { ...newest, id: `added ${ref}`, body: "One more", createdAt: newest.createdAt + 1 }].map(
      (comment) => (comment.id === "c1990" ? { ...comment, body: `Edited, seen in ${ref}` } : comment),
    );
    await sync.answers.refreshIssue(await idOf(store, ref));
    await heading(all + 1).waitFor();
    await page.getByText(`Edited, seen in ${ref}`).waitFor();
    await page.getByText("One more").first().waitFor();
    const later = await read();
    assert.ok(later.comments - all <= 200, later.calls.join("\n"));
    await page.close();
  });
}
