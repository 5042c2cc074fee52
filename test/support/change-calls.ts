import assert from "node:assert/strict";
import type { OutboxShape } from "../../src/server/contract/change.ts";
import type { IssueDetailShape } from "../../src/server/contract/issue.ts";
import type { ProblemShape } from "../../src/server/contract/problem.ts";
import type { TrackerDefinition } from "../../src/trackers/tracker.ts";
import type { SentAnswer } from "./send-request.ts";
import { type ServerHarness, startServerHarness } from "./server-harness.ts";
import { makeIssue, makePage, mapping, sourceInfo, vocabulary } from "./store-fixtures.ts";
import { alpha, beta } from "./test-trackers.ts";

/** A server whose sources have three issues each and are writable, except `other/site`; Beta's moves depend on its workflow. `own`: the first tracker. */
export function startChangeHarness(own: TrackerDefinition = alpha): Promise<ServerHarness> {
  return startServerHarness({
    trackers: [own, { ...beta, writing: { ...beta.writing, choices: true } }],
    async prepare(store) {
      for (const row of await store.sources.list()) {
        const isBeta = row.config.tracker === "beta";
        await store.sources.saveSchema(row.id, {
          info: { ...sourceInfo, id: row.config.key, url: null },
          vocabulary,
          mapping,
          form: {
            types: [{ name: "issue", creatable: true, needsParent: false, fields: [] }],
            writable: { allowed: row.config.key === "other/site" ? false : null, reason: "the token only reads." },
          },
          at: 1,
        });
        const issue = (number: number) =>
          makeIssue(number, {
            key: isBeta ? `MIN-${number}` : `#${number}`,
            nativeId: `${row.id}-${number}`,
            relations: [],
          });
        await store.mirror.applyPage(row.id, makePage([issue(1), issue(2), issue(3)]));
        await store.sources.saveAccount(row.config.connection, { id: "p-ben", login: "ben", name: "Ben Bell" });
      }
    },
  });
}

/** API calls of a harness, which is resolved on each call. */
export function callsOf(harness: () => ServerHarness) {
  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    harness().ask(path, { method, ...(body !== undefined && { body }), headers });
  return {
    ask,
    detail: async (ref: string) => read<IssueDetailShape>(await ask("GET", at(ref))),
    outbox: async () => read<OutboxShape>(await ask("GET", "/api/outbox")).operations,
  };
}

/** An issue's path. */
export function at(ref: string): string {
  return `/api/issues/${encodeURIComponent(ref)}`;
}

/** The body of a response, asserting its status. */
export function read<T>(answer: SentAnswer, status = 200): T {
  assert.equal(answer.status, status, answer.text);
  return answer.json() as T;
}

/** The problem of a response, asserting its status and code. */
export function refused(answer: SentAnswer, status: number, code: string): ProblemShape {
  assert.equal(answer.headers["content-type"], "application/problem+json");
  const problem = read<ProblemShape>(answer, status);
  assert.equal(problem.code, code);
  return problem;
}
