import type { Register } from "./register.ts";
import { testCommenting } from "./writing-comments.ts";
import { testCreating } from "./writing-creates.ts";
import { testEdits } from "./writing-edits.ts";
import { testMoves } from "./writing-moves.ts";
import { testRefusals } from "./writing-refusals.ts";
import { testUncertain } from "./writing-uncertain.ts";
import { testRelations } from "./writing-relations.ts";
import { testReadOnly } from "./read-only.ts";
import type { Subject } from "./stage.ts";

/** What users change through the port, and the result in the tracker. */
export function testWriting(it: Register, subject: Subject): void {
  if (subject.writing === undefined) {
    testReadOnly(it, subject);
    return;
  }
  testEdits(it, subject);
  testMoves(it, subject);
  testCreating(it, subject);
  if (subject.definition.capabilities.comments) testCommenting(it, subject);
  testRelations(it, subject);
  testRefusals(it, subject);
  testUncertain(it, subject);
}
