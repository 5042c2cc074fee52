import { setTimeout as sleep } from "node:timers/promises";
import { faultsOf } from "../undo-model/acts.ts";
import { untilFaultsMet } from "../until-faults-met.ts";
import type { Act } from "./acts.ts";
import { checkShown } from "./check-shown.ts";
import {
  isOnComment,
  isOnRelation,
  isOpen,
  ofIssue,
  pageOf,
  type ShownModel,
  storeOf,
  token,
  touches,
  waitingOf,
} from "./model.ts";
import { patienceMs } from "./stage.ts";
import { edit } from "./user-acts.ts";

/** Lets the outbox send what is due. `fate`: what becomes of its next requests. */
export async function deliver(model: ShownModel, fate: Extract<Act, { kind: "deliver" }>["fate"]): Promise<void> {
  const { stage, subject } = model;
  const { emulator } = stage;
  model.last = null;
  if (fate === "held") await deliverSlowly(model);
  else {
    if (fate !== "taken") emulator.faults.add(faultsOf(subject, fate));
    await stage.settled(stage.mirror().sync.deliver(20_000));
    emulator.faults.clear();
  }
  await settle(model);
}

/** Checks what is shown while the answer to a change is outstanding. */
async function deliverSlowly(model: ShownModel): Promise<void> {
  const { stage, subject } = model;
  const { emulator } = stage;
  const hold = async () => {
    const title = `Held ${token(model)}`;
    await edit(model, 0, { title }, { title });
  };
  // One change alone is on its way, so that nothing else moves while everything is read.
  await deliver(model, "taken");
  await hold();
  emulator.faults.add({ kind: "held", times: 1, ...subject.writing?.writes.at(-1) });
  const delivered = stage.mirror().sync.deliver(20_000);
  const isHeld = await Promise.race([
    untilFaultsMet(emulator).then(() => true),
    delivered.then(() => false),
    sleep(patienceMs, false, { ref: false }),
  ]);
  if (isHeld && (await waitingOf(model)).filter(isOpen).length === 1) {
    await checkShown(model, "the tracker has the change, and its answer is outstanding");
    await hold();
    await checkShown(model, "another edit while an answer is outstanding");
  }
  emulator.faults.clear();
  await stage.settled(delivered);
}

/** Takes over what the tracker has by now. */
async function settle(model: ShownModel): Promise<void> {
  const { wanted, statusThere, related, relation, issueIds } = model;
  const operations = await waitingOf(model);
  for (const issue of model.refs.keys()) {
    const own = ofIssue(model, operations, issue);
    const now = wanted[issue];
    if (now === undefined) continue;
    if (!own.some((operation) => touches(operation, "status") || operation.kind === "create")) {
      statusThere[issue] = String(now.status);
    } else if (own.some((operation) => touches(operation, "status") && operation.stepsDone > 0)) {
      statusThere[issue] = null;
    }
    for (const comment of model.comments.filter((one) => one.issue === issue)) {
      let isSettled = true;
      for (const operation of own) if (await isOnComment(model, operation, comment)) isSettled = false;
      if (isSettled) comment.written = comment.wanted;
    }
  }
  const links = operations.filter(isOnRelation);
  if (links.some(isOpen)) return;
  const { outbox } = storeOf(model);
  const { base } = await outbox.issue(issueIds.get(0) ?? 0);
  const { base: other } = await outbox.issue(issueIds.get(1) ?? 0);
  related.written = (base.relations ?? []).some(
    ({ type, targetId }) => type === relation && targetId === other.nativeId,
  );
  if (links.length === 0) related.wanted = related.written;
}

/** What another person does, and a poll that brings it. */
export async function theirs(model: ShownModel, { kind, issue }: Act): Promise<void> {
  const { stage, wanted } = model;
  const { world } = stage.emulator;
  const { nativeId } = await pageOf(model, issue);
  if (nativeId.startsWith("new:")) return;
  model.last = null;
  if (kind === "their comment") world.comment(nativeId, "Their comment");
  else {
    const field = kind === "their title" ? "title" : "body";
    const text = `Theirs ${token(model)}`;
    world.edit(nativeId, { [field]: text });
    const own = ofIssue(model, await waitingOf(model), issue).filter((operation) => touches(operation, field));
    const now = wanted[issue];
    if (now !== undefined && !own.some(isOpen)) wanted[issue] = { ...now, [field]: text };
  }
  await stage.poll();
}
