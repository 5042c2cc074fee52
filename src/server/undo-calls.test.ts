import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { at, callsOf, read, refused, startChangeHarness } from "../../test/support/change-calls.ts";
import type { ServerHarness } from "../../test/support/server-harness.ts";
import type { UndoResultShape } from "./contract/change.ts";

let harness: ServerHarness;
before(async () => {
  harness = await startChangeHarness();
});
after(() => harness.close());

const { ask, detail, outbox } = callsOf(() => harness);

describe("undo", () => {
  const browser = async () => {
    const { pathname, search } = new URL(harness.server.address());
    const answer = await harness.send(pathname + search, {
      headers: { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" },
    });
    const [cookie = ""] = (answer.headers["set-cookie"]?.[0] ?? "").split(";");
    return (method: string, path: string, body: unknown = {}) =>
      harness.send(path, {
        method,
        body,
        headers: { cookie, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" },
      });
  };

  test("means what the same browser did", async () => {
    const [one, two] = [await browser(), await browser()];
    read(await one("PATCH", at("MIN-2"), { title: "One" }));
    read(await two("PATCH", at("MIN-2"), { priority: 2 }));
    const undone = read<UndoResultShape>(await one("POST", "/api/undo"));
    assert.deepEqual([undone.ref, undone.what], ["MIN-2", "gave MIN-2 its title back"]);
    const issue = await detail("MIN-2");
    assert.deepEqual([issue.title, issue.priority], ["Issue 2", 2]);
    assert.equal(issue.history[0]?.actor, "you");
    refused(await one("POST", "/api/undo"), 404, "not_found");
    read(await two("POST", "/api/undo"));
  });

  test("means what the same program did", async () => {
    const [cli, agent] = [{ "x-panopticon-client": "cli" }, { "x-panopticon-client": "agent claude" }];
    read(await ask("PATCH", at("MIN-2"), { title: "By hand" }, cli));
    refused(await ask("POST", "/api/undo", undefined, agent), 404, "not_found");
    read(await ask("PATCH", at("MIN-2"), { title: "By agent" }, agent));
    assert.deepEqual(
      (await detail("MIN-2")).history.slice(0, 2).map(({ actor }) => actor),
      ["agent claude", "cli"],
    );
    read(await ask("POST", "/api/undo", undefined, agent));
    assert.equal((await detail("MIN-2")).title, "By hand");
    const { id = 0 } = (await outbox()).find(({ ref }) => ref === "MIN-2") ?? {};
    read(await ask("POST", "/api/undo", { operation: id }, agent));
    assert.equal((await detail("MIN-2")).title, "Issue 2");
  });
});
