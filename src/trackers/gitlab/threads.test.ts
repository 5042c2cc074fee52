import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { NativeIssue } from "../../domain/issue.ts";
import { newMark } from "../conformance/operation-mark.ts";
import { setWriteStage } from "./write/write-stage.ts";

describe("threads of GitLab", () => {
  it("are read from the discussions, which are requested only if there is a thread", async (t) => {
    const stage = await setWriteStage(t);
    const { emulator, write, source, address } = stage;
    const issue = await stage.make({ title: "Talk" });
    const read = async ({ nativeId, key }: NativeIssue) => {
      const pages = await Array.fromAsync(stage.connection.comments(source, nativeId, key));
      return pages.flatMap(({ comments }) => comments.map(({ body, replyTo }) => ({ body, replyTo })));
    };
    const asked = async (act: () => Promise<unknown>) => {
      emulator.requests.clear();
      await act();
      return emulator.requests.list().map(({ method, url }) => `${method} ${/\/\w+(?=\?)/.exec(url)?.[0]}`);
    };
    const say = async (body: string, replyTo?: string) =>
      (await write.comment(source, address(issue), body, newMark(), undefined, replyTo)).comment;

    const root = await say("A question");
    const alone = await say("Something else");
    assert.deepEqual(await asked(() => read(issue)), ["GET /notes"]);
    assert.ok(!("replyTo" in root) && !("replyTo" in alone));

    const reply = await say("An answer", root.id);
    assert.equal(reply.replyTo, root.id);
    assert.deepEqual(await read(issue), [
      { body: "A question", replyTo: undefined },
      { body: "Something else", replyTo: undefined },
      { body: "An answer", replyTo: root.id },
    ]);
    assert.deepEqual(await asked(() => read(issue)), ["GET /notes", "GET /discussions"]);

    // If the first comment is deleted, the thread continues but is no longer identified by it.
    await write.deleteComment(source, address(issue), root.id);
    const late = await say("A late answer", root.id);
    assert.ok(!("replyTo" in late));
    const further = await say("A further answer", reply.id);
    assert.equal(further.replyTo, reply.id);
    assert.deepEqual(
      (await read(issue)).map(({ replyTo }) => replyTo),
      [undefined, undefined, undefined, reply.id],
    );
  });

  it("may disappear before the reply is sent: the comment then starts its own", async (t) => {
    const { emulator, write, source, address, make } = await setWriteStage(t);
    const issue = await make({ title: "Talk" });
    const { comment: root } = await write.comment(source, address(issue), "A question", newMark());
    emulator.faults.add({ kind: "server-error", value: 404, method: "POST", path: "/discussions/", times: 1 });
    const { comment } = await write.comment(source, address(issue), "An answer", newMark(), undefined, root.id);
    assert.ok(!("replyTo" in comment));
    assert.deepEqual(
      emulator.world.comments?.(issue.nativeId).map(({ body }) => body.split("\n")[0]),
      ["A question", "An answer"],
    );
  });
});
