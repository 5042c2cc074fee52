import assert from "node:assert/strict";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { makeSyncedHome, type SyncedHome } from "../../../test/support/synced-home.ts";
import type { IssueListShape } from "../../server/contract/issue.ts";

let home: SyncedHome;
before(async () => {
  home = await makeSyncedHome(10);
});
after(() => home[Symbol.asyncDispose]());

test("pan open prints an issue's URL in its tracker", async () => {
  const { issues } = JSON.parse((await home.here(["issues", "--json", "--limit", "1"])).stdout) as IssueListShape;
  const [issue] = issues;
  assert.ok(issue);
  const opened = await home.here(["open", issue.address, "--print"]);
  assert.equal(opened.stdout.trim(), issue.url);
  assert.equal((await home.here(["open", "NOTHING-1"])).code, 3);
});
