import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { IssueDraft } from "../../../src/server/contract/change.ts";
import type { CreatedIssueShape } from "../../../src/server/contract/issue.ts";
import { ApiError } from "../api/client.ts";
import { readDraft, writeDraft } from "../editor/drafts.ts";
import { createOnce } from "./create-once.ts";
import { parseSent, sentId } from "./sent-draft.ts";

// No storage in this environment: drafts last as long as the page.
mock.method(console, "debug", () => undefined);

beforeEach(() => writeDraft(sentId, null));

const draft = (title: string): IssueDraft => ({ title });
const unanswered = new ApiError("server_unreachable", 0, "No answer.");

/** A server that honours idempotency keys; what it says to a call can be lost, and the call itself, too. */
function startServer() {
  const created = new Map<string, string>();
  let loses: "call" | "answer" | null = null;
  const post = async ({ title }: IssueDraft, key: string) => {
    const lost = loses;
    loses = null;
    if (lost === "call") throw unanswered;
    const before = created.get(key);
    if (before !== undefined && before !== title) throw new ApiError("conflict", 409, "Used for another request.");
    created.set(key, title);
    if (lost === "answer") throw unanswered;
    return { issue: { title } as CreatedIssueShape, isRepeated: before !== undefined };
  };
  return {
    post,
    titles: () => [...created.values()],
    lose: (what: "call" | "answer") => {
      loses = what;
    },
    forgetAnswers: () => {
      for (const key of created.keys()) created.set(key, "interrupted");
    },
  };
}

test("finds the issue whichever of the texts sent before it was created from", async () => {
  const server = startServer();
  for (const [title, lost] of [
    ["first", "call"],
    ["second", "answer"],
    ["third", "call"],
  ] as const) {
    server.lose(lost);
    await assert.rejects(createOnce(draft(title), server.post), { code: "server_unreachable" });
  }
  const { issue, from } = await createOnce(draft("fourth"), server.post);
  assert.deepEqual([issue.title, from], ["second", "other"]);
  assert.deepEqual(server.titles(), ["second"]);
  assert.equal((await createOnce(draft("fourth"), server.post)).from, "now");
});

test("says that the outcome is unknown if the server did not finish the first attempt, and then creates another", async () => {
  const server = startServer();
  server.lose("answer");
  await assert.rejects(createOnce(draft("a"), server.post), { code: "server_unreachable" });
  server.forgetAnswers();
  await assert.rejects(createOnce(draft("a"), server.post), /not known whether an issue was created/);
  assert.equal((await createOnce(draft("a"), server.post)).from, "now");
});

test("a refused draft is sent anew, and so is one whose key the server no longer knows", async () => {
  const server = startServer();
  const refuse = () => Promise.reject(new ApiError("invalid_input", 400, "No."));
  await assert.rejects(createOnce(draft("a"), refuse), { code: "invalid_input" });
  assert.equal(readDraft(sentId), null);
  server.lose("answer");
  await assert.rejects(createOnce(draft("a"), server.post), { code: "server_unreachable" });
  const sent = parseSent(readDraft(sentId));
  writeDraft(sentId, JSON.stringify({ ...sent, at: Date.now() - 86_400_000 }));
  assert.equal((await createOnce(draft("a"), server.post)).from, "now");
  assert.deepEqual(server.titles(), ["a", "a"]);
  assert.equal(parseSent("{"), null);
});
