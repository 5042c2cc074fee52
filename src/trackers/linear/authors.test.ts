import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { NativeIssue, Person } from "../../domain/issue.ts";
import { setStage } from "../conformance/stage.ts";
import { linearSubject } from "./subject.ts";

describe("content that no user of the workspace wrote in Linear", () => {
  it("has the person named by the integration as author, else the integration", async (t) => {
    const { connection, source } = await setStage(t, linearSubject, { issues: 200, sources: 1 });
    const issues: NativeIssue[] = [];
    const people = new Map<string, Person>();
    const signal = new AbortController().signal;
    for await (const page of connection.pull(source, { cursor: null, resume: null, signal })) {
      for (const person of page.seen.people ?? []) people.set(person.id, person);
      issues.push(...page.changes);
    }
    const colleagues = new Set((await connection.describe(source, {})).vocabulary.people.map(({ id }) => id));
    const outside = issues.filter(({ authorId }) => authorId === null || !colleagues.has(authorId));
    const names = new Set(outside.map(({ authorId }) => people.get(authorId ?? "")?.name));
    assert.ok(names.has("Sentry") && names.has("Greta Nilsson"), [...names].join());
    assert.ok(!names.has(undefined));

    const reported = outside.find(({ authorId }) => people.get(authorId ?? "")?.name === "Greta Nilsson");
    const answers = [];
    assert.ok(reported);
    for (const { nativeId, key } of outside) {
      for await (const { comments, seen } of connection.comments(source, nativeId, key, signal)) {
        const named = new Set(seen.people?.map(({ id }) => id));
        for (const { authorId } of comments) {
          assert.ok(authorId !== null && named.has(authorId));
          if (!colleagues.has(authorId)) answers.push(authorId);
        }
      }
    }
    assert.ok(answers.length > 0);
  });
});
