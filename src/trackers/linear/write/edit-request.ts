import { z } from "zod";

/** What one update of an issue carries, as it is kept on disk until it is sent. Labels that are not there yet are made first. */
export const EditRequest = z.object({
  /** Of `IssueUpdateInput`, without labels. */
  input: z.record(z.string(), z.unknown()),
  addLabels: z.array(z.object({ id: z.string(), name: z.string() })),
  removeLabelIds: z.array(z.string()),
});
export type EditRequest = z.infer<typeof EditRequest>;
