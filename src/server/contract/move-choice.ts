import { z } from "@hono/zod-openapi";

/** A field of a form, as data: what a source, or one way of moving an issue, asks for. */
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
