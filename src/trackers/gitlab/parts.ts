import type { GitlabClient } from "./client.ts";
import type { Memory } from "./memory.ts";
import type { WriteClient } from "./write/write-client.ts";
import type { WorkItems } from "./work-items/work-items.ts";

/** The parts of a connection. */
export type GitlabParts = {
  readonly client: GitlabClient;
  readonly workItems: WorkItems;
  readonly memory: Memory;
};

/** The parts of its writer. */
export type WriterParts = GitlabParts & { readonly writes: WriteClient };
