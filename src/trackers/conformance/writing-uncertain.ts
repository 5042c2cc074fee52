import assert from "node:assert/strict";
import type { RecordedRequest } from "../../../emulators/emulator.ts";
import { PanopticonError } from "../../domain/error.ts";
import { isUncertain, hasCode } from "./assert-code.ts";
import type { Register } from "./register.ts";
import type { Subject } from "./stage.ts";
import { registerWriter, sample } from "./writer-stage.ts";
import { newMark } from "./operation-mark.ts";
import { emptyDraft } from "./drafts.ts";

/** Writes with an inconclusive response: sent once, and reported as what they are. */
export function testUncertain(it: Register, subject: Subject): void {
  const writes = registerWriter(it, subject);
  const { capabilities, writing } = subject.definition;

  writes("never retries a write, whatever happened to its response", async (stage) => {
    const issue = await stage.read(sample(stage));
    const steps = await stage.write.plan(stage.source, issue, { title: "Sent once" });
    const [step] = steps;
    assert.equal(steps.length, 1);
    assert.ok(step);
    const { create, comment, edit } = stage.writing.requests;
    for (const kind of [
      "lost-answer",
      "error-after",
      "drop",
      "server-error",
      "reset",
      "truncate",
      "malformed-json",
    ] as const) {
      for (const [request, write] of [
        [edit, () => stage.write.perform(stage.source, issue, step)],
        [create, () => stage.write.create(stage.source, emptyDraft(stage), newMark())],
        ...(capabilities.comments
          ? [[comment, () => stage.write.comment(stage.source, stage.address(issue), "Sent once", newMark())] as const]
          : []),
      ] as const) {
        stage.emulator.faults.add({ kind, ...request });
        const sent = await stage.count(() => assert.rejects(async () => void (await write()), isUncertain()));
        assert.equal(sent, 1, `${kind} of ${request.path ?? request.body}`);
        stage.emulator.faults.clear();
      }
    }
  });

  writes("never retries any other kind of write", async (stage) => {
    const { write, source, emulator } = stage;
    const issue = await stage.read(sample(stage));
    const address = stage.address(issue);
    const label = stage.schema.vocabulary.labels.find(({ id }) => !issue.labelIds.includes(id));
    const person = stage.schema.vocabulary.people.find(({ id }) => !issue.assigneeIds.includes(id));
    const other = stage.issues.find(({ nativeId, type }) => nativeId !== issue.nativeId && type === issue.type);
    const [type] = writing.relations;
    assert.ok(label && person && other, "the source has another label, person and issue");
    const relation = type === undefined ? null : { type, target: stage.address(other), id: null };
    const made = capabilities.comments ? await write.comment(source, address, "To be changed", newMark()) : null;
    const commentId = made?.comment.id ?? "";
    const acts: readonly (() => Promise<unknown>)[] = [
      () => stage.apply(issue, { addLabels: [label] }),
      () => stage.apply(issue, { addAssignees: [person.id] }),
      ...(relation === null
        ? []
        : [() => write.relate(source, address, relation), () => write.unrelate(source, address, relation)]),
      ...(writing.comments.edit ? [() => write.editComment(source, address, commentId, "Changed")] : []),
      ...(writing.comments.delete ? [() => write.deleteComment(source, address, commentId)] : []),
    ];
    for (const act of acts) {
      emulator.requests.clear();
      // It may hit a lookup before the write, which is retried; then everything succeeds.
      emulator.faults.add({ kind: "lost-answer" });
      const failure = await act().catch((error: unknown) => error);
      if (failure instanceof Error) isUncertainOrUnsent(failure);
      emulator.faults.clear();
      const sent = emulator.requests.list().filter(isWrite);
      const distinct = new Set(sent.map(({ method, url, body }) => `${method} ${url} ${body}`));
      assert.equal(sent.length, distinct.size, [...distinct].join("\n"));
    }
  });

  writes("reports that a write that met a limit was not carried out", async (stage) => {
    const issue = await stage.read(sample(stage));
    const [step] = await stage.write.plan(stage.source, issue, { title: "Not now" });
    assert.ok(step);
    stage.emulator.faults.add({ kind: "rate-limit", value: 1800 });
    await assert.rejects(
      stage.write.perform(stage.source, issue, step),
      hasCode("rate_limited", ({ retryAt }) => retryAt !== undefined),
    );
    const kept = stage.emulator.world.issues(stage.source.key).find(({ nativeId }) => nativeId === issue.nativeId);
    assert.equal(kept?.title, issue.title);
  });
}

/** The write may have been carried out, or was certainly not sent. */
function isUncertainOrUnsent(error: Error): void {
  if (error instanceof PanopticonError && error.notSent) return;
  isUncertain()(error);
}

/** Whether a request is a write: GraphQL and some searches also use POST for reads. */
function isWrite({ method, url, body }: RecordedRequest): boolean {
  if (method === "GET") return false;
  return !/"query":\s*"\s*query\b/.test(body) && !/\/search\b/.test(url);
}
