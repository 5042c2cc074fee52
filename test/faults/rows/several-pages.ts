import type { FaultStage } from "../fault-stage.ts";

/** More than fit the first page of any tracker's list. */
const many = 110;
const few = 5;

function change({ emulator, word }: FaultStage, count: number): void {
  for (const { nativeId } of emulator.world.issues().slice(0, count)) emulator.world.edit(nativeId, { title: word() });
}

/** Somebody changes so much that the next poll has several pages. */
export const changeMany = (stage: FaultStage): void => change(stage, many);

/** Somebody changes something, so that the next poll has what can be broken. */
export const changeFew = (stage: FaultStage): void => change(stage, few);
