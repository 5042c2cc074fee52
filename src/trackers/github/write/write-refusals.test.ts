import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { createVirtualClock } from "../../../../test/support/virtual-clock.ts";
import { PanopticonError } from "../../../domain/error.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import { setWriteStage, addressOf } from "./write-stage.ts";

/** Credentials that may only read and open issues. */
const reader = { GITHUB_TOKEN: "ghp_emulator_reader" };

describe("permissions", () => {
  it("are reported as far as GitHub tells them", async (t) => {
    const { open, source } = await setWriteStage(t);
    const writable = async (credentials?: Record<string, string>) =>
      (await open(credentials === undefined ? {} : { credentials }).connection.describe(source, {})).writable;
    assert.deepEqual(await writable(), { allowed: true, reason: null });
    const asReader = await writable(reader);
    assert.equal(asReader.allowed, null);
    assert.match(asReader.reason ?? "", /Read: you can open issues.*Triage or Write/);
    // No response tells what a fine-grained token may do with issues.
    assert.deepEqual(await writable({ GITHUB_TOKEN: "github_pat_emulator_readonly" }), { allowed: null, reason: null });
  });

  it("that are missing are reported with what to do", async (t) => {
    const { open, source, make } = await setWriteStage(t);
    const issue = await make();
    const cases: readonly (readonly [token: string, words: RegExp])[] = [
      ["github_pat_emulator_readonly", /not accessible by personal access token/],
      ["ghp_emulator_reader", /Must have admin rights/],
    ];
    for (const [token, words] of cases) {
      const { connection } = open({ credentials: { GITHUB_TOKEN: token } });
      assert.ok(connection.write);
      const [step] = await connection.write.plan(source, issue, { title: "Not allowed" });
      assert.ok(step);
      await assert.rejects(
        connection.write.perform(source, issue, step),
        hasCode("forbidden", ({ message, hint }) => words.test(message) && (hint ?? "") !== ""),
      );
    }
  });

  it("that are missing show in the response, although GitHub reports no error", async (t) => {
    const { connection, open, source } = await setWriteStage(t);
    const { vocabulary } = await connection.describe(source, {});
    const { write } = open({ credentials: reader }).connection;
    assert.ok(write);
    const labels = vocabulary.labels.slice(0, 1);
    const assigneeIds = vocabulary.people.slice(0, 1).map(({ id }) => id);
    const { issue } = await write.create(source, { ...blankDraft, labels, assigneeIds }, newMark());
    assert.deepEqual([issue.labelIds, issue.assigneeIds], [[], []]);
    // Planning against the response yields the changes that did not take effect.
    const rest = await write.plan(source, issue, { addLabels: labels, addAssignees: assigneeIds });
    assert.deepEqual(
      rest.map(({ name }) => name),
      ["add labels", "assign"],
    );
  });
});

describe("a resource that is not visible", () => {
  it("does not count as deleted or removed", async (t) => {
    const { connection, emulator, source, write, make } = await setWriteStage(t);
    const { vocabulary } = await connection.describe(source, {});
    const issue = await make({ labels: ["bug"] });
    const address = addressOf(issue, source);
    const { comment } = await write.comment(source, address, "Here", newMark());
    const label = vocabulary.labels.find(({ name }) => name === "bug");
    assert.ok(label);
    const [step] = await write.plan(source, issue, { removeLabels: [label] });
    assert.ok(step);
    emulator.world.hideSource(source.key, true);
    await assert.rejects(write.deleteComment(source, address, comment.id), hasCode("not_found"));
    await assert.rejects(write.perform(source, issue, step), hasCode("not_found"));
    const target = addressOf(await Promise.resolve(issue), source);
    await assert.rejects(
      write.unrelate(source, address, { type: "blocked_by", target, id: null }),
      (error) => error instanceof PanopticonError && error.code === "not_found",
    );
  });
});

describe("the rate limit on creating", () => {
  it("is waited for, and the create counts as not sent", async (t) => {
    const { source, write, make, emulator } = await setWriteStage(t, { clock: createVirtualClock(), budget: 5_000 });
    const issue = await make();
    const address = addressOf(issue, source);
    for (let count = 0; count < 80; count += 1) await write.comment(source, address, `Comment ${count}`, newMark());
    await assert.rejects(
      write.comment(source, address, "One too many", newMark()),
      hasCode("rate_limited", ({ retryAt, message }) => retryAt !== undefined && /content creation/.test(message)),
    );
    assert.equal(emulator.world.comments?.(issue.nativeId).length, 80);
  });
});
