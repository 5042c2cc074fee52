import assert from "node:assert/strict";
import { type Subject } from "../../../src/trackers/conformance/stage.ts";
import { assertMirrorEquals } from "../compare.ts";
import { assertReplayEquals, see } from "../simulation/replay.ts";
import type { Act } from "./acts.ts";
import { checkReadsAgree } from "./check-reads.ts";
import { checkShown } from "./check-shown.ts";
import { addressOf, openShownModel, type ShownModel, storeOf, waitingOf } from "./model.ts";
import type { ShownStage } from "./stage.ts";
import { deliver, theirs } from "./tracker-acts.ts";
import { comment, create, dropOrRetry, editBy, relate, undo } from "./user-acts.ts";

/** Plays acts, and compares all reads with a model of what must be shown after each: what was accepted, else what the tracker has. */
export async function playShown(
  stage: ShownStage,
  subject: Pick<Subject, "writing">,
  acts: readonly Act[],
): Promise<void> {
  const { world } = stage.emulator;
  for (const { nativeId } of world.issues()) world.edit(nativeId, { body: "A body" });
  await stage.poll();
  const model = await openShownModel(stage, subject);
  for (const one of acts) {
    const seen = await see(storeOf(model));
    await take(model, one);
    await checkShown(model, JSON.stringify(one));
    await assertReplayEquals(storeOf(model), seen);
  }
  await comeToRest(model);
}

async function take(model: ShownModel, one: Act): Promise<void> {
  const { stage } = model;
  if (one.kind !== "create" && one.kind !== "deliver" && model.wanted[one.issue] === undefined) return;
  switch (one.kind) {
    case "comment":
    case "edit comment":
    case "delete comment":
      return comment(model, one);
    case "relate":
    case "unrelate":
      return relate(model, one);
    case "create":
      return create(model);
    case "undo":
      return undo(model);
    case "drop":
    case "retry":
      return dropOrRetry(model, one);
    case "their title":
    case "their body":
    case "their comment":
      return theirs(model, one);
    case "poll":
      return stage.poll();
    case "open":
      await stage.settled(stage.ask("GET", `${addressOf(model, one.issue)}/comments`));
      return;
    case "restart":
      return stage.restart();
    case "deliver":
      return deliver(model, one.fate);
    default:
      return editBy(model, one);
  }
}

/** Sends or drops what is left; then the mirror equals the tracker. */
async function comeToRest(model: ShownModel): Promise<void> {
  const { stage } = model;
  for (let round = 0; ; round += 1) {
    const left = await waitingOf(model);
    if (left.length === 0) break;
    assert.ok(round < 20, `the outbox comes to rest: ${JSON.stringify(left)}`);
    for (const { id, state } of left) {
      if (state === "refused" || state === "conflict") await stage.ask("POST", `/api/outbox/${id}/drop`);
    }
    await stage.clock.advance(120_000);
    await stage.settled(stage.mirror().sync.deliver(60_000));
  }
  await stage.poll();
  await checkReadsAgree(stage);
  await assertMirrorEquals(storeOf(model), [stage.emulator]);
  assert.deepEqual(await storeOf(model).check(), []);
}
