import type { FaultStage } from "../fault-stage.ts";

/** More than the first page of any tracker's list holds. */
const many = 110;
const few = 5;

function change({ emulator, word }: FaultStage, count: number): void {
  for (const { nativeId } of emulator.world.issues().slice(0, count)) emulator.world.edit(nativeId, { title: word() });
}

/** Makes enough changes that the next poll has several pages. */
export const changeMany = (stage: FaultStage): void => change(stage, many);

/** Makes a few changes, so that the next poll has something to break. */
export const changeFew = (stage: FaultStage): void => change(stage, few);
