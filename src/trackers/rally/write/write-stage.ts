import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { NativeIssue } from "../../../domain/issue.ts";
import { newLabelId } from "../../../domain/operation.ts";
import { readIssue } from "../../conformance/read-issue.ts";
import { setStage } from "../../conformance/stage.ts";
import type { NativeEdit, TrackerWriter, WriteStep } from "../../tracker.ts";
import { rallySubject as subject } from "../subject.ts";

/** Starts the Rally emulator with a writing connection. */
export async function setWriteStage(t: TestContext, options: Parameters<typeof setStage>[2] = {}) {
  const stage = await setStage(t, subject, { issues: 60, ...options });
  const { connection, emulator, source } = stage;
  const { write } = connection;
  assert.ok(write);
  const schema = await connection.describe(source, {});
  const read = (issue: Pick<NativeIssue, "nativeId" | "key">) => readIssue(connection, source, issue);
  const find = async (type: string, fits: (issue: NativeIssue) => boolean = () => true) => {
    for (const one of emulator.world.issues(source.key)) {
      if (one.closed) continue;
      const issue = await read(one);
      if (issue.type === type && fits(issue)) return issue;
    }
    return assert.fail(`no ${type}`);
  };
  const perform = async (issue: NativeIssue, steps: readonly WriteStep[], writer: TrackerWriter = write) => {
    let last = issue;
    for (const step of steps) last = (await writer.perform(source, last, step))?.issue ?? last;
  };
  const apply = async (issue: NativeIssue, edit: NativeEdit) => {
    await perform(issue, await write.plan(source, issue, edit));
    return read(issue);
  };
  /** The requests sent by `act`, as `POST /defect/1/Tags/add`. */
  const sent = async (act: () => Promise<unknown>) => {
    emulator.requests.clear();
    await act();
    return emulator.requests
      .list()
      .map(({ method, url }) =>
        `${method} ${(url.split("?")[0] ?? "").replace("/slm/webservice/v2.0", "")}`.replace(/\d{6,}/g, "…"),
      );
  };
  const address = ({ nativeId, key }: NativeIssue) => ({ nativeId, key, sourceKey: source.key });
  const label = (name: string) => {
    const known = schema.vocabulary.labels.find((one) => one.name === name);
    return { id: known?.id ?? newLabelId(name), name };
  };
  return { ...stage, write, schema, read, find, apply, perform, sent, address, label };
}
