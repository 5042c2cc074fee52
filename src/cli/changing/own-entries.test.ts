import assert from "node:assert/strict";
import { test } from "node:test";
import type { Emulators } from "../../../emulators/start.ts";
import { parse } from "../../../test/support/assert-finished.ts";
import { after, before } from "../../../test/support/hooks.ts";
import type { OutboxShape } from "../../server/contract/change.ts";
import type { IssueListShape } from "../../server/contract/issue.ts";
import { makeEmulatedHome, type PanHome } from "../fixture.ts";

const limit = { timeout: 60_000 };
let home: PanHome & { readonly emulators: Emulators };
before(async () => {
  home = await makeEmulatedHome(3);
  assert.equal((await home.here(["sync"])).code, 0);
}, limit);
after(() => home[Symbol.asyncDispose]());

test("reports the delivery of the change just made, not of older ones of its issue", limit, async () => {
  const { issues } = parse<IssueListShape>(await home.here(["issues", "--tracker", "github", "--json"]));
  const ref = issues[0]?.address ?? "";
  home.emulators["github"]?.faults.add({ kind: "server-error", path: "/repos/", times: 1000 });
  const noted = async (...args: string[]) => {
    const { code, stderr } = await home.here(args);
    assert.equal(code, 0, stderr);
    return [...stderr.matchAll(/Not sent to the tracker yet.* in the outbox as entry (\d+)/g)].map(([, id]) =>
      Number(id),
    );
  };
  const edited = await noted("edit", ref, "--title", "First");
  const commented = await noted("comment", ref, "Second");
  assert.deepEqual([edited.length, commented.length], [1, 1]);
  assert.notEqual(edited[0], commented[0]);
  const again = await noted("edit", ref, "--title", "Third");
  assert.equal(again.length, 1);
  // The newer title replaced the older one.
  const { operations } = parse<OutboxShape>(await home.here(["outbox", "--json"]));
  assert.deepEqual(
    operations.map(({ id }) => id).toSorted((a, b) => a - b),
    [...commented, ...again],
  );
});
