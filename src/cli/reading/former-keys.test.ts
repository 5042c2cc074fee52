import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { fails, parse } from "../../../test/support/assert-finished.ts";
import { makeHome } from "../../../test/support/stage.ts";
import type { IssueDetailShape } from "../../server/contract/issue.ts";

test(
  "changes an issue by a key it had before the first sync, also without a server",
  { timeout: 60_000 },
  async (t) => {
    const jira = await startEmulator("jira", { issues: 20, seed: 7 });
    t.after(() => jira.close());
    await using home = makeHome({
      emulators: [jira],
      projects: "projects:\n  one: { jira_project: [BOOK, YARD], history: all }\n",
    });
    const [before] = jira.world.issues("BOOK");
    assert.ok(before);
    jira.world.move?.(before.nativeId, "YARD");
    assert.equal((await home.pan("sync")).code, 0);
    const now = jira.world.issues("YARD").find(({ nativeId }) => nativeId === before.nativeId);

    const edited = parse<IssueDetailShape>(await home.pan("edit", before.key, "--title", "Moved", "--json"));
    assert.deepEqual([edited.ref, edited.title], [now?.key, "Moved"]);
    const nothing = await home.pan("edit", "BOOK-99999", "--title", "x");
    fails(nothing, 3, /There is no issue “BOOK-99999”/);
    assert.doesNotMatch(nothing.stderr, /--sync/, "it was looked up");
  },
);
