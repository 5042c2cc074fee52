import assert from "node:assert/strict";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { PanopticonError, type ErrorCode } from "../../domain/error.ts";
import type { ServerClient } from "../server/server-client.ts";
import { fillStore } from "../../../test/support/invented-issues.ts";
import { type ServerHarness, startServerHarness } from "../../../test/support/server-harness.ts";
import { findWorkspace } from "./pick-work.ts";
import { createServerWorking } from "./server-working.ts";

let harness: ServerHarness;
/** The refs of the issues with a workspace. */
let refs: readonly string[];
/** The queries of the lists of workspaces that were asked for. */
const asked: (string | null)[] = [];

before(async () => {
  harness = await startServerHarness({ prepare: (store) => fillStore(store, 4, Date.now()) });
  const sort = { key: "created", reverse: false } as const;
  const filter = { tracker: ["beta"] };
  const { issues } = await harness.store.board.issues({ filter, sort, limit: 3, cursor: null, me: {} });
  for (const [index, { id: issueId }] of issues.entries()) {
    await harness.store.work.workspaces.add({
      issueId,
      project: "alpha",
      repository: "/nowhere",
      path: `/nowhere/${index}`,
      branch: `feature/${index}`,
      base: "main",
      baseCommit: null,
      state: "ready",
      step: null,
      problem: null,
      notes: [],
      at: 1_000 + index,
    });
  }
  refs = issues.map(({ ref }) => ref);
});
after(() => harness.close());

function makeClient(): ServerClient {
  const refuse = () => Promise.reject(new Error("nothing is changed"));
  return {
    server: { url: harness.url, token: harness.token, pid: 0 } as ServerClient["server"],
    async get(path, query = new URLSearchParams()) {
      asked.push(query.get("ref"));
      const answer = await harness.ask(`${path}?${query}`);
      const body = answer.json() as { code: ErrorCode; detail: string };
      if (answer.status !== 200) throw new PanopticonError(body.code, body.detail);
      return body;
    },
    send: refuse,
  };
}

test("a command about one workspace has git look into that one; only for an unknown ref does it look for a similar one", async () => {
  const working = createServerWorking(makeClient());
  const [ref = ""] = refs;
  const found = await findWorkspace(working, ` ${ref.toLowerCase()} `);
  assert.equal(found.ref, ref);
  assert.deepEqual(asked.splice(0), [ref.toLowerCase()]);

  assert.equal((await findWorkspace(working, found.id)).ref, ref);
  assert.deepEqual(asked.splice(0), [found.id, null]);

  const unknown = `${ref}9`;
  await assert.rejects(findWorkspace(working, unknown), {
    code: "not_found",
    message: `There is no workspace of “${unknown}”.`,
  });
  assert.deepEqual(asked.splice(0), [unknown, null]);
});
