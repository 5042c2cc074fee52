import { z } from "@hono/zod-openapi";
import { Time } from "./issue.ts";

export const HistoryShape = z
  .object({
    history: z.array(
      z.object({
        at: Time,
        ref: z.string(),
        title: z.string(),
        tracker: z.string().nullable().openapi({ description: "null where the issue is gone" }),
        actor: z.string(),
        field: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        state: z.string(),
      }),
    ),
    cursor: z.string().nullable(),
  })
  .openapi("History");

export type HistoryShape = z.infer<typeof HistoryShape>;
