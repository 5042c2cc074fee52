import { z } from "@hono/zod-openapi";
import { MoveChoiceShape } from "./move-choice.ts";

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
    choices: z
      .array(MoveChoiceShape)
      .optional()
      .openapi({ description: "With `choice_needed`: the possible transitions, and the fields each requires" }),
    field: z
      .string()
      .optional()
      .openapi({ description: "The rejected field: a name in the patch or the draft, or the id of one of `fields`" }),
    tracker: z.string().optional().openapi({ description: "The tracker the failure came from" }),
  })
  .openapi("Problem");

export type ProblemShape = z.infer<typeof ProblemShape>;
