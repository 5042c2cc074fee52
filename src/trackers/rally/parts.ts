import type { RallyClient } from "./client.ts";
import type { Learned } from "./learned.ts";
import type { Places } from "./scope.ts";
import type { WriteClient } from "./write/write-client.ts";

/** The parts of a connection. */
export type RallyParts = {
  readonly client: RallyClient;
  readonly writes: WriteClient;
  readonly places: Places;
  readonly learned: Learned;
};
