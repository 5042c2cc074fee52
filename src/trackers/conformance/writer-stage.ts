import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { EmulatorOptions } from "../../../emulators/emulator.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { NativeIssue, Vocabulary } from "../../domain/issue.ts";
import { type IssueAddress, type IssueType, type LabelRef, newLabelId } from "../../domain/operation.ts";
import type { Account, NativeEdit, Source, SourceSchema, TrackerWriter } from "../tracker.ts";
import { createMirror } from "./mirror.ts";
import type { Register } from "./register.ts";
import { setStage, type Stage, type Subject } from "./stage.ts";
import type { WritingSubject } from "./writing-subject.ts";

export type WriterStage = Stage & {
  readonly subject: Subject;
  readonly writing: WritingSubject;
  readonly write: TrackerWriter;
  readonly schema: SourceSchema;
  readonly account: Account;
  /** All issues of the source when the stage was set. */
  readonly issues: readonly NativeIssue[];
  /** Reads the current issue. */
  read(issue: Pick<NativeIssue, "nativeId" | "key">): Promise<NativeIssue>;
  /** Plans and performs an edit of the given issue, and reads it again. */
  apply(issue: NativeIssue, edit: NativeEdit): Promise<NativeIssue>;
  /** Sends a planned edit like the outbox: each step is based on the previous response. */
  perform(issue: NativeIssue, steps: Awaited<ReturnType<TrackerWriter["plan"]>>): Promise<void>;
  /** Counts the requests that `act` sends. */
  count(act: () => Promise<unknown>): Promise<number>;
  /** Records new names. */
  learn(seen: Partial<Vocabulary>): void;
  labelNames(issue: NativeIssue): string[];
  /** Asserts that a body or comment is the written one, in whatever form the tracker returns it. */
  sameText(found: string | undefined, written: string): Promise<void>;
  /** A label by its name; a new one if it does not exist. */
  labelRef(name: string): LabelRef;
  address(issue: Pick<NativeIssue, "nativeId" | "key">): IssueAddress;
  typeOf(issue: Pick<NativeIssue, "type">): IssueType;
};

export type WriterTest = (stage: WriterStage, t: TestContext) => Promise<void>;

/** `it` with a writing stage. */
export function registerWriter(
  it: Register,
  subject: Subject,
): (name: string, test: WriterTest, options?: Partial<EmulatorOptions>) => void {
  return (name, test, options = {}) => {
    it(name, async (t) => {
      await test(await setWriterStage(t, subject, options), t);
    });
  };
}

/** Starts a tracker's emulator with a writing connection and the description of the first source. */
export async function setWriterStage(
  t: TestContext,
  subject: Subject,
  options: Partial<EmulatorOptions> = {},
): Promise<WriterStage> {
  // Some tests write more in a second than a tracker allows in a minute; rate limits have their own tests.
  const stage = await setStage(t, subject, { issues: 40, budget: 1_000_000, ...options });
  const { connection, emulator, monitor } = stage;
  const { write } = connection;
  assert.ok(write && subject.writing, "a subject with `writing` stands for a connection with `write`");
  const schema = await connection.describe(stage.source, {});
  const source: Source = { ...stage.source, nativeId: schema.info.id };
  const account = await connection.verify();
  const mirror = createMirror();
  const { pages } = await mirror.pull(connection, source);
  const labels = new Map(schema.vocabulary.labels.map(({ id, name }) => [id, name]));
  const learn = (seen: Partial<Vocabulary>) => {
    for (const { id, name } of seen.labels ?? []) labels.set(id, name);
  };
  for (const page of pages) learn(page.seen);
  emulator.requests.clear();

  const read: WriterStage["read"] = async ({ nativeId, key }) => {
    const result = await connection.read(source, nativeId, key);
    assert.equal(result.kind, "issue", `${key} is ${result.kind}`);
    assert.ok(result.kind === "issue");
    learn(result.seen);
    return result.issue;
  };
  const perform: WriterStage["perform"] = async (issue, steps) => {
    let last = issue;
    for (const step of steps) {
      const stored = JSON.parse(JSON.stringify(step)) as typeof step;
      const answer = await write.perform(source, last, stored);
      if (answer === null) continue;
      last = answer.issue;
      learn(answer.seen);
    }
  };
  return {
    ...stage,
    source,
    subject,
    writing: subject.writing,
    write,
    schema,
    account,
    issues: [...mirror.issues.values()],
    read,
    perform,
    async apply(issue, edit) {
      await perform(issue, await write.plan(source, issue, edit));
      return read(issue);
    },
    async count(act) {
      const before = monitor.requests();
      await act();
      return monitor.requests() - before;
    },
    learn,
    async sameText(found, written) {
      const isSame = write.sameText === undefined ? found === written : await write.sameText(written, found ?? "");
      if (found === undefined || !isSame) assert.equal(found, written);
    },
    labelNames: (issue) => issue.labelIds.map((id) => labels.get(id) ?? assert.fail(`no label ${id} was ever seen`)),
    labelRef(name) {
      const known = [...labels].find(([, own]) => foldName(own) === foldName(name));
      return known === undefined ? { id: newLabelId(name), name } : { id: known[0], name: known[1] };
    },
    address: ({ nativeId, key }) => ({ nativeId, key, sourceKey: source.key }),
    typeOf: ({ type }) =>
      schema.types.find((one) => one.name === type) ?? assert.fail(`"${type}" is no type of the source`),
  };
}

/** An open issue without relatives for each of the source's types, if there is one. */
export function samples({ issues, schema }: WriterStage): NativeIssue[] {
  const alone = issues.filter(isAlone);
  return schema.types.flatMap(({ name }) => {
    const own = alone.filter((issue) => issue.type === name);
    return own.find((issue) => issue.closedAt === null) ?? own[0] ?? [];
  });
}

export function isAlone(issue: NativeIssue): boolean {
  return issue.parentId === null && issue.parentKey == null && (issue.children?.total ?? 0) === 0;
}

/** A sample for tests that need only one. */
export function sample(stage: WriterStage): NativeIssue {
  return samples(stage)[0] ?? assert.fail("the source has no issue of a known type");
}
