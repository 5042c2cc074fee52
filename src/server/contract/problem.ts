import { z } from "@hono/zod-openapi";

/** RFC 9457 problem details with a stable `code`. */
export const ProblemShape = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string(),
    hint: z.string().optional(),
    candidates: z.array(z.string()).optional(),
    retryAt: z.string().optional(),
    tracker: z.string().optional().openapi({ description: "The tracker the failure came from" }),
  })
  .openapi("Problem");

export type ProblemShape = z.infer<typeof ProblemShape>;
