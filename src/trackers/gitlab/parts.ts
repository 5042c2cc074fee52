import type { GitlabClient } from "./client.ts";
import type { Memory } from "./memory.ts";
import type { WriteClient } from "./write/write-client.ts";
import type { WorkItems } from "./work-items/work-items.ts";

/** What a connection is put together from. */
export type GitlabParts = {
  readonly client: GitlabClient;
  readonly workItems: WorkItems;
  readonly memory: Memory;
};

/** What its writing half is put together from. */
export type WriterParts = GitlabParts & { readonly writes: WriteClient };
