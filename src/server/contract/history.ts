import { z } from "@hono/zod-openapi";
import { Time } from "./issue.ts";
import { pageShape } from "./page.ts";

export const HistoryShape = z
  .object({
    history: z.array(
      z.object({
        at: Time,
        ref: z.string(),
        title: z.string(),
        tracker: z
          .string()
          .nullable()
          .openapi({ description: "null where the issue is gone and nothing tells any more where it was" }),
        actor: z.string(),
        field: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        state: z.string(),
        operation: z.number().nullable().openapi({ description: "The outbox's entry that `state` tells of" }),
      }),
    ),
    ...pageShape,
    counts: z
      .array(z.object({ actor: z.string(), tracker: z.string().nullable(), state: z.string(), entries: z.number() }))
      .nullable()
      .openapi({
        description:
          "With `countSince`: how many entries there are since then, of whom, in which tracker, and how far they came",
      }),
  })
  .openapi("History");

export type HistoryShape = z.infer<typeof HistoryShape>;
