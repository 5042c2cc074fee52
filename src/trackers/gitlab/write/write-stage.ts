import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { NativeIssue } from "../../../domain/issue.ts";
import { readIssue } from "../../conformance/read-issue.ts";
import { setStage, type Subject } from "../../conformance/stage.ts";
import type { NativeEdit, Source, WriteAnswer } from "../../tracker.ts";
import { gitlabSubject } from "../subject.ts";

/** Starts a GitLab emulator with a connection that writes to the described source. `project`: the index of the emulator's source. */
export async function setWriteStage(
  t: TestContext,
  subject: Subject = gitlabSubject,
  options: { readonly issues?: number; readonly variant?: string; readonly project?: number } = {},
) {
  const { project = 0, ...rest } = options;
  const stage = await setStage(t, subject, { issues: 60, sources: 2, ...rest });
  const { connection, emulator, monitor } = stage;
  const [own] = emulator.sources.slice(project);
  assert.ok(own && connection.write);
  const source: Source = { key: own.key, historyMs: null, nativeId: own.id };
  const schema = await connection.describe(source, {});
  const { write } = connection;
  const read = (issue: Pick<NativeIssue, "nativeId" | "key">) => readIssue(connection, source, issue);
  const labelOf = (name: string) => {
    const id = schema.vocabulary.labels.find((label) => label.name === name)?.id;
    return { id: id ?? `name:${name}`, name };
  };
  return {
    ...stage,
    source,
    schema,
    write,
    read,
    labelOf,
    /** Creates an issue as another user. */
    make: (fields: Parameters<typeof emulator.world.create>[1]) => read(emulator.world.create(source.key, fields)),
    async apply(issue: NativeIssue, edit: NativeEdit): Promise<readonly WriteAnswer[]> {
      const answers: WriteAnswer[] = [];
      let last = issue;
      for (const step of await write.plan(source, issue, edit)) {
        const answer = await write.perform(source, last, step);
        last = answer?.issue ?? last;
        answers.push(answer);
      }
      return answers;
    },
    async count(act: () => Promise<unknown>): Promise<number> {
      const before = monitor.requests();
      await act();
      return monitor.requests() - before;
    },
    address: ({ nativeId, key }: Pick<NativeIssue, "nativeId" | "key">) => ({ nativeId, key, sourceKey: source.key }),
  };
}

/** Credentials that may only read and comment. */
export const guest = { GITLAB_TOKEN: "glpat-emulator_guest" };
