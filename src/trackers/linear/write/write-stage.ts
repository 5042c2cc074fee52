import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { systemClock } from "../../../domain/clock.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import type { IssueAddress, LabelRef } from "../../../domain/operation.ts";
import { readIssue } from "../../conformance/read-issue.ts";
import { setStage, type Stage, toValues } from "../../conformance/stage.ts";
import { createHttpClient } from "../../http/create-http-client.ts";
import type { NativeEdit, Source, TrackerConnection, TrackerWriter, WriteAnswer } from "../../tracker.ts";
import { linear } from "../index.ts";
import { linearSubject } from "../subject.ts";
import { createLinearWriteClient } from "./write-client.ts";

export type WriteStage = Stage & {
  readonly write: TrackerWriter;
  readonly source: Source;
  /** Reads an issue of the source from the tracker. */
  issue(index?: number): Promise<NativeIssue>;
  read(nativeId: string): Promise<NativeIssue>;
  /** Plans an edit of the given issue and sends it. */
  edit(issue: NativeIssue, edit: NativeEdit): Promise<WriteAnswer>;
  /** Creates mutually exclusive labels, as another user would. */
  makeLabelGroup(
    name: string,
    labels: readonly string[],
  ): Promise<{ readonly id: string; readonly labels: readonly LabelRef[] }>;
  /** The operation names of the requests since the last call. */
  sent(): readonly string[];
};

/** Starts the Linear emulator with a writing connection. */
export async function setWriteStage(
  t: TestContext,
  options: { readonly credentials?: Readonly<Record<string, string>>; readonly issues?: number } = {},
): Promise<WriteStage> {
  const stage = await setStage(t, linearSubject, { issues: options.issues ?? 20, sources: 2 });
  const nativeId = stage.emulator.sources[0]?.id ?? null;
  const source: Source = { ...stage.source, nativeId };
  const connection: TrackerConnection =
    options.credentials === undefined ? stage.connection : stage.open({ credentials: options.credentials }).connection;
  const { write } = connection;
  assert.ok(write);
  const read = (id: string) => readIssue(stage.connection, source, { nativeId: id, key: "" });
  stage.emulator.requests.clear();
  return {
    ...stage,
    connection,
    write,
    source,
    read,
    issue: (index = 0) => read(stage.emulator.world.issues(source.key)[index]?.nativeId ?? ""),
    async edit(issue, edit) {
      const steps = await write.plan(source, issue, edit);
      let answer: WriteAnswer = null;
      for (const step of steps) answer = await write.perform(source, issue, step);
      return answer;
    },
    async makeLabelGroup(name, labels) {
      const { client } = createHttpClient({
        policy: linear.http,
        values: toValues(linear, stage.emulator.credentials),
        clock: systemClock,
        userAgent: "Panopticon/test",
      });
      const { createLabel } = createLinearWriteClient(client);
      const group = await createLabel({ teamId: nativeId, name, isGroup: true });
      const made: LabelRef[] = [];
      for (const label of labels) made.push(await createLabel({ teamId: nativeId, name: label, parentId: group.id }));
      return { id: group.id, labels: made };
    },
    sent() {
      const names = stage.emulator.requests
        .list()
        .map(({ body }) => /^\{"query":"(?:query|mutation) (\w+)/.exec(body)?.[1] ?? body);
      stage.emulator.requests.clear();
      return names;
    },
  };
}

export function toAddress(issue: NativeIssue, source: Source): IssueAddress {
  return { nativeId: issue.nativeId, key: issue.key, sourceKey: source.key };
}
