import type { Emulator, Fault } from "../../emulators/emulator.ts";
import { eventually } from "./stage.ts";

/** Resolves when requests have met all faults that were added. An answer that is held is on its way then. */
export async function untilFaultsMet({ control }: Pick<Emulator, "control">): Promise<void> {
  await eventually(async () => {
    const { faults } = (await (await fetch(`${control}/faults`)).json()) as { faults: readonly Fault[] };
    return faults.length === 0 || undefined;
  }, "requests meet the faults");
}
