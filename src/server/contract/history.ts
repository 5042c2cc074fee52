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
          .openapi({ description: "null if the issue is gone and its place is no longer known" }),
        actor: z.string(),
        field: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        state: z.string(),
        operation: z.number().nullable().openapi({ description: "The outbox entry that `state` refers to" }),
      }),
    ),
    ...pageShape,
    counts: z
      .array(z.object({ actor: z.string(), tracker: z.string().nullable(), state: z.string(), entries: z.number() }))
      .nullable()
      .openapi({
        description: "With `countSince`: the number of entries since then, by actor, tracker and state",
      }),
  })
  .openapi("History");

export type HistoryShape = z.infer<typeof HistoryShape>;
