import assert from "node:assert/strict";
import type { NativeIssue, RelationType } from "../../domain/issue.ts";
import type { LinkType } from "../../domain/operation.ts";
import { hasCode } from "./assert-code.ts";
import type { Register } from "./register.ts";
import { isAlone } from "./writer-stage.ts";
import type { Subject } from "./stage.ts";
import { registerWriter, sample, samples, type WriterStage } from "./writer-stage.ts";

/** The relation as seen from the other issue; null if the original of a duplicate does not show it. */
const inverse: Readonly<Record<LinkType, RelationType | null>> = {
  blocks: "blocked_by",
  blocked_by: "blocks",
  relates: "relates",
  duplicates: null,
};

/** The tracker's own relations between its issues. */
export function testRelations(it: Register, subject: Subject): void {
  const writes = registerWriter(it, subject);

  for (const type of subject.definition.writing.relations) {
    writes(`creates and removes "${type}", and succeeds if nothing has to be changed`, async (stage) => {
      const { issue, other } = pair(stage, type);
      const relation = { type, target: stage.address(other), id: null };
      await stage.write.relate(stage.source, stage.address(issue), relation);
      const made = findRelation(await stage.read(issue), type, other);
      assert.ok(made, `no ${type}`);
      const back = inverse[type];
      if (back !== null) assert.ok(findRelation(await stage.read(other), back, issue), `the other end lacks ${back}`);
      await stage.write.relate(stage.source, stage.address(issue), relation);
      const again = (await stage.read(issue)).relations ?? [];
      assert.equal(again.filter((one) => one.type === type && one.targetId === other.nativeId).length, 1);

      await stage.write.unrelate(stage.source, stage.address(issue), { ...relation, id: made.id });
      assert.equal(findRelation(await stage.read(issue), type, other), undefined);
      await stage.write.unrelate(stage.source, stage.address(issue), { ...relation, id: made.id });
      // Also without knowing the tracker's id of the relation.
      await stage.write.relate(stage.source, stage.address(issue), relation);
      await stage.write.unrelate(stage.source, stage.address(issue), relation);
      assert.equal(findRelation(await stage.read(issue), type, other), undefined);
    });
  }

  const missing = (["relates", "duplicates", "blocks"] as const).find(
    (type) => !subject.definition.writing.relations.includes(type),
  );
  if (missing !== undefined) {
    writes("throws unsupported for a relation that the tracker does not have", async (stage) => {
      const { issue, other } = pair(stage, missing);
      const relation = { type: missing, target: stage.address(other), id: null };
      await assert.rejects(
        stage.write.relate(stage.source, stage.address(issue), relation),
        hasCode("unsupported", ({ hint }) => (hint ?? "").length > 0),
      );
    });
  }
}

function pair(stage: WriterStage, type: LinkType): { issue: NativeIssue; other: NativeIssue } {
  const wanted = stage.writing.relatedTypes?.[type];
  const issue = samples(stage).find((one) => wanted === undefined || one.type === wanted) ?? sample(stage);
  const taken = new Set((issue.relations ?? []).map(({ targetId }) => targetId));
  const other = stage.issues.find(
    (one) => one.nativeId !== issue.nativeId && one.type === issue.type && isAlone(one) && !taken.has(one.nativeId),
  );
  return { issue, other: other ?? assert.fail("the source has one issue only") };
}

function findRelation(issue: NativeIssue, type: RelationType, target: NativeIssue) {
  return (issue.relations ?? []).find((one) => one.type === type && one.targetId === target.nativeId);
}
