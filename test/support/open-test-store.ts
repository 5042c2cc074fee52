import { systemClock } from "../../src/domain/clock.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";

/** A real store in its own file. */
export function openTestStore(file: string): Promise<Store> {
  return openStore({ databaseUrl: null, file, clock: systemClock });
}
