import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

const doc = (text: string) => ({
  type: "doc",
  version: 1,
  content: [{ type: "paragraph", content: [{ type: "text", text }] }],
});

type Answer = { readonly status: number; readonly body: Record<string, unknown>; readonly text: string };

for (const variant of ["cloud", "data-center"] as const) {
  const isCloud = variant === "cloud";
  const body = (text: string) => (isCloud ? doc(text) : text);

  describe(`writing to the Jira emulator, ${variant}`, () => {
    let emulator: Emulator;
    let now = Date.parse("2026-11-22T10:00:00.250Z");

    before(async () => {
      emulator = await startEmulator("jira", { issues: 200, seed: 3, variant, now: () => now });
    });
    after(() => emulator.close());

    async function send(
      method: string,
      path: string,
      content?: unknown,
      who: Readonly<Record<string, string>> = emulator.credentials,
    ): Promise<Answer> {
      const { JIRA_EMAIL, JIRA_API_KEY } = who;
      const response = await fetch(`${emulator.url}/rest/api/${isCloud ? 3 : 2}${path}`, {
        method,
        headers: {
          authorization: isCloud ? `Basic ${btoa(`${JIRA_EMAIL}:${JIRA_API_KEY}`)}` : `Bearer ${JIRA_API_KEY}`,
          ...(content === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(content === undefined ? {} : { body: JSON.stringify(content) }),
      });
      const text = await response.text();
      const isJson = text.startsWith("{");
      return { status: response.status, text, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
    }
    const make = async (more: object = {}) => {
      const fields = { project: { key: "BOOK" }, issuetype: { name: "Task" }, summary: "made", ...more };
      const { body: answer } = await send("POST", "/issue", { fields });
      const found = emulator.world.issues("BOOK").find(({ nativeId }) => nativeId === answer["id"]);
      assert.ok(found, JSON.stringify(answer));
      return found;
    };
    const seen = (nativeId: string) => emulator.world.issues().find((one) => one.nativeId === nativeId);

    test("advances the update time on changes, and only on changes", async () => {
      const { nativeId, updatedAt } = await make({ labels: ["a"] });
      const after = async (method: string, path: string, content?: unknown) => {
        now += 1_000;
        const { status, text } = await send(method, path, content);
        assert.ok(status < 300, text);
        return seen(nativeId)?.updatedAt;
      };
      const edit = (content: unknown) => after("PUT", `/issue/${nativeId}`, content);
      assert.equal(await edit({ fields: { summary: "made" } }), updatedAt);
      assert.equal(await edit({ update: { labels: [{ add: "a" }, { remove: "b" }] } }), updatedAt);
      assert.equal(await after("PUT", `/issue/${nativeId}/properties/k`, { v: 1 }), updatedAt);
      assert.equal(await edit({ fields: { summary: "made again" } }), now);
      assert.equal(await after("POST", `/issue/${nativeId}/comment`, { body: body("Hm") }), now);
    });

    test("rejects invalid requests in Jira's words, changing nothing", async () => {
      const { nativeId } = await make();
      const before = JSON.stringify(seen(nativeId));
      const cases: readonly (readonly [content: object, words: RegExp])[] = [
        [{ fields: { summary: "" } }, /You must specify a summary of the issue/],
        [{ fields: { summary: "x".repeat(256) } }, /255 characters/],
        [{ fields: { summary: "a\nb" } }, /newline characters/],
        [{ fields: { labels: ["two words"] } }, /contains spaces which is invalid/],
        [{ update: { labels: [{ add: "two words" }] } }, /contains spaces which is invalid/],
        [{ update: { summary: [{ add: "x" }] } }, /does not support operation 'add'/],
        [{ fields: { priority: { id: "99" } } }, /priority selected is invalid/],
        [{ fields: { assignee: isCloud ? { accountId: "x" } : { name: "x" } } }, /User 'x' does not exist/],
        [{ fields: { duedate: "tomorrow" } }, /Error parsing date string/],
        [
          { fields: { nonsense: 1 } },
          /Field 'nonsense' cannot be set\. It is not on the appropriate screen, or unknown/,
        ],
        [{ fields: { resolution: { name: "Done" } } }, /not on the appropriate screen/],
        [{ fields: { issuetype: { name: "Sub-task" } } }, /issue type selected is invalid/],
        [{ fields: { description: isCloud ? "text" : doc("x") } }, /Operation value must be a/],
        [{ fields: { description: body("x".repeat(32_768)) } }, isCloud ? /CONTENT_LIMIT_EXCEEDED/ : /32,767/],
        // A single invalid field is enough.
        [{ fields: { summary: "good", duedate: "bad" } }, /Error parsing date string/],
        [{ summary: "beside the point" }, /Invalid request payload/],
      ];
      for (const [content, words] of cases) {
        const { status, text } = await send("PUT", `/issue/${nativeId}`, content);
        assert.equal(status, 400, text);
        assert.match(text, words);
      }
      if (isCloud) {
        const odd = { ...doc("x"), content: [{ type: "paragraph", content: [{ type: "heading" }] }] };
        assert.match((await send("PUT", `/issue/${nativeId}`, { fields: { description: odd } })).text, /INVALID_INPUT/);
      }
      assert.equal(JSON.stringify(seen(nativeId)), before);
    });

    test("sub-tasks, epics and bugs require their own fields", async () => {
      const create = (fields: object) => send("POST", "/issue", { fields: { summary: "made", ...fields } });
      const subTask = await create({ project: { key: "BOOK" }, issuetype: { name: "Sub-task" } });
      assert.match(subTask.text, /Parent is required/);
      const epic = await create({ project: { key: "BOOK" }, issuetype: { name: "Epic" } });
      if (isCloud) assert.equal(epic.status, 201);
      else assert.match(epic.text, /Epic Name is required/);
      const bug = await create({ project: { key: "YARD" }, issuetype: { name: "Bug" } });
      assert.match(bug.text, /Impact is required/);
    });

    test("transitions: fields on the screen, required fields, unavailable transitions", async () => {
      const [issue] = emulator.world.issues("YARD").filter(({ state }) => state === "In Progress");
      const { nativeId = "" } = issue ?? {};
      const ways = async () => {
        const { body: answer } = await send("GET", `/issue/${nativeId}/transitions`);
        return answer["transitions"] as { id: string; name: string; to: { name: string } }[];
      };
      const move = async (name: string, more: object = {}) => {
        const id = (await ways()).find((one) => one.name === name)?.id ?? name;
        return send("POST", `/issue/${nativeId}/transitions`, { transition: { id }, ...more });
      };
      assert.match((await move("Finish: Done")).text, /Resolution is required/);
      const off = await move("Finish: Done", { fields: { resolution: { name: "Done" }, summary: "no" } });
      assert.match(off.text, /'summary' cannot be set/);
      const resolution = { name: "Won't Do" };
      assert.match((await move("Close with a note", { fields: { resolution } })).text, /Closing note is required/);
      assert.equal((await move("Finish: Done", { fields: { resolution } })).status, 204);
      assert.equal(seen(nativeId)?.state, "Done");
      assert.deepEqual(
        (await ways()).map(({ name }) => name),
        ["Open again"],
      );
      assert.match((await move("11")).text, /Transition id '11' is not valid for this issue/);
    });

    test("read-only users are refused", async () => {
      const weak = emulator.weakCredentials.values;
      const { nativeId } = await make();
      const fields = { project: { key: "BOOK" }, issuetype: { name: "Task" }, summary: "no" };
      assert.match((await send("POST", "/issue", { fields }, weak)).text, /cannot create issues in this project/);
      const edit = await send("PUT", `/issue/${nativeId}`, { fields: { summary: "no" } }, weak);
      assert.equal(edit.status, 403);
      assert.match((await send("POST", `/issue/${nativeId}/comment`, { body: body("no") }, weak)).text, /permission/);
      const { body: ways } = await send("GET", `/issue/${nativeId}/transitions`, undefined, weak);
      assert.deepEqual(ways["transitions"], []);
      const query = "projectKey=BOOK&permissions=EDIT_ISSUES,BROWSE_PROJECTS";
      const { body: mine } = await send("GET", `/mypermissions?${query}`, undefined, weak);
      const permissions = mine["permissions"] as Record<string, { havePermission: boolean }>;
      assert.equal(permissions["EDIT_ISSUES"]?.havePermission, false);
      assert.equal(permissions["BROWSE_PROJECTS"]?.havePermission, true);
    });

    test("other people's comments cannot be changed", async () => {
      const { nativeId } = await make();
      const { body: said } = await send("POST", `/issue/${nativeId}/comment`, { body: body("mine") });
      const path = `/issue/${nativeId}/comment/${String(said["id"])}`;
      const other = emulator.otherCredentials;
      assert.match((await send("PUT", path, { body: body("no") }, other)).text, /permission to edit/);
      assert.match((await send("DELETE", path, undefined, other)).text, /permission to delete/);
      assert.equal((await send("PUT", path, { body: body("changed") })).status, 200);
      assert.match(emulator.world.comments?.(nativeId)[0]?.body ?? "", /changed/);
      assert.equal((await send("DELETE", path)).status, 204);
      assert.equal((await send("DELETE", path)).status, 404);
      const nothing = isCloud ? { type: "doc", version: 1, content: [] } : "";
      const empty = await send("POST", `/issue/${nativeId}/comment`, { body: nothing });
      assert.match(empty.text, /Comment body can not be empty/);
    });

    test("a past sprint cannot be chosen, and stays with its issues", async () => {
      const { body: field } = await send("GET", "/field").then(({ text }) => ({
        body: JSON.parse(text) as { id: string; name: string }[],
      }));
      const id = field.find(({ name }) => name === "Sprint")?.id ?? "";
      const { nativeId } = await make();
      const set = (value: unknown) => send("PUT", `/issue/${nativeId}`, { fields: { [id]: value } });
      assert.match((await set(100)).text, /only active or future sprints/);
      assert.match((await set("107")).text, /Number value expected as the Sprint id/);
      assert.equal((await set(106)).status, 204);
      assert.equal((await set(null)).status, 204);
    });
  });
}
