import assert from "node:assert/strict";
import { it } from "node:test";
import { setWriteStage } from "../../trackers/linear/write/write-stage.ts";
import { compareEdit } from "./compare-edit.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { PushContext } from "./push-context.ts";

it("recognises a sent body in the tracker's formatting, and reports a conflict for a body written by others", async (t) => {
  const { write, source, issue, edit, read, emulator } = await setWriteStage(t);
  // The only part of the store that comparing a text uses.
  const own: Pick<Operation, "fields" | "payload">[] = [];
  const store = { outbox: { listOf: async () => own } };
  const context = { write, source, store } as unknown as PushContext;
  const { nativeId } = await issue();
  await edit(await read(nativeId), { body: "What was there before" });
  const change = { field: "body", from: "What was there before", to: "- _one_\n- two" } as const;
  const compare = async (attempts: number) =>
    compareEdit(context, { issueId: 1, fields: [change], steps: [], attempts }, await read(nativeId));

  const nothing = await compare(1);
  assert.deepEqual(nothing.todo, [change], "it never arrived");
  emulator.world.edit(nativeId, { body: "* *one*\n* two" });
  assert.deepEqual((await compare(0)).todo, [], "it is so, in Linear's way of writing");
  emulator.world.edit(nativeId, { body: "**one**\n\ntwo" });
  assert.deepEqual((await compare(1)).todo, []);
  assert.deepEqual((await compare(1)).conflicting, []);
  assert.deepEqual((await compare(0)).conflicting, [change], "what was never sent is somebody else's");
  emulator.world.edit(nativeId, { body: "Quite another text" });
  assert.deepEqual((await compare(1)).conflicting, [change]);
  own.push({
    fields: [{ field: "body", from: "", to: change.from }],
    payload: { became: (await read(nativeId)).body },
  });
  assert.deepEqual((await compare(0)).todo, [change], "it is what became of the text that the edit began with");
});
