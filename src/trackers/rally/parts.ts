import type { RallyClient } from "./client.ts";
import type { Learned } from "./learned.ts";
import type { Places } from "./scope.ts";
import type { WriteClient } from "./write/write-client.ts";

/** What a connection is put together from. */
export type RallyParts = {
  readonly client: RallyClient;
  readonly writes: WriteClient;
  readonly places: Places;
  readonly learned: Learned;
};
