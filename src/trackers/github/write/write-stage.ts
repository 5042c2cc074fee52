import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { NativeIssue } from "../../../domain/issue.ts";
import { readIssue } from "../../conformance/read-issue.ts";
import { setStage, type Stage } from "../../conformance/stage.ts";
import type { NativeEdit, Source, TrackerConnection } from "../../tracker.ts";
import { githubSubject } from "../subject.ts";

type WriteStage = Stage & {
  readonly write: NonNullable<TrackerConnection["write"]>;
  make(fields?: Parameters<Stage["emulator"]["world"]["create"]>[1]): Promise<NativeIssue>;
  read(issue: Pick<NativeIssue, "nativeId" | "key">, at?: Source): Promise<NativeIssue>;
  /** Plans and sends an edit; returns the requests sent. */
  apply(issue: NativeIssue, edit: NativeEdit): Promise<string[]>;
};

/** Starts the GitHub emulator with a writing connection. */
export async function setWriteStage(t: TestContext, options: Parameters<typeof setStage>[2] = {}): Promise<WriteStage> {
  const stage = await setStage(t, githubSubject, { issues: 10, budget: 1_000_000, ...options });
  const { connection, emulator, source } = stage;
  const { write } = connection;
  assert.ok(write);
  const read: WriteStage["read"] = (issue, at = source) => readIssue(connection, at, issue);
  return {
    ...stage,
    write,
    read,
    make: async (fields = {}) => read(emulator.world.create(source.key, { title: "Made for this", ...fields })),
    async apply(issue, edit) {
      const steps = await write.plan(source, issue, edit);
      emulator.requests.clear();
      for (const step of steps) await write.perform(source, issue, step);
      return requestsOf(stage);
    },
  };
}

/** The requests since the log was cleared, relative to the repository: `PATCH /issues/12`. */
export function requestsOf({ emulator }: Pick<Stage, "emulator">): string[] {
  return emulator.requests
    .list()
    .map(
      ({ method, url }) =>
        `${method} ${url.replace(/\?.*/, "").replace(/^\/repos(itories)?(\/[^/]+){1,2}(?=\/issues|\/mil|\/ass)/, "")}`,
    );
}

export const addressOf = (issue: NativeIssue, source: Source) => ({ ...issue, sourceKey: source.key });
