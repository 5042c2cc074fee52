import { z } from "zod";

/** An issue update as stored on disk until it is sent. New labels are created first. */
export const EditRequest = z.object({
  /** `IssueUpdateInput` without labels. */
  input: z.record(z.string(), z.unknown()),
  addLabels: z.array(z.object({ id: z.string(), name: z.string() })),
  removeLabelIds: z.array(z.string()),
});
export type EditRequest = z.infer<typeof EditRequest>;
