import { z } from "@hono/zod-openapi";

/** A form field as data, required by a source or by a transition. */
export const FieldSpecShape = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(["text", "markdown", "number", "date", "choice", "choices", "person", "people", "labels"]),
    required: z.boolean(),
    options: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .openapi("FieldSpec");

export type FieldSpecShape = z.infer<typeof FieldSpecShape>;

export const MoveChoiceShape = z
  .object({
    id: z.string().openapi({ description: "What `transition` takes" }),
    name: z.string(),
    state: z.string().openapi({ description: "The native state it leads to" }),
    fields: z.array(FieldSpecShape),
    reversible: z.boolean(),
  })
  .openapi("MoveChoice");

export type MoveChoiceShape = z.infer<typeof MoveChoiceShape>;
