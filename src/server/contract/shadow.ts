import { z } from "@hono/zod-openapi";
import { StatusName, Time } from "./issue.ts";
import { pageShape } from "./page.ts";

/** A move that stayed here because of a project's shadow mode. */
export const KeptMoveShape = z
  .object({
    ref: z.string(),
    address: z.string().openapi({ description: "Finds exactly this issue, as IssueShape.address does" }),
    title: z.string(),
    tracker: z.string(),
    project: z.string(),
    source: z.string(),
    from: StatusName.openapi({ description: "The tracker's status" }),
    to: StatusName.openapi({ description: "The status that it was given here" }),
    at: Time.nullable().openapi({ description: "When it was moved; null if that is no longer known" }),
    shadow: z.boolean().openapi({
      description: "false: shadow mode is off again, so the issue shows the tracker's status",
    }),
  })
  .openapi("KeptMove");

export type KeptMoveShape = z.infer<typeof KeptMoveShape>;

export const KeptMovesShape = z
  .object({ moves: z.array(KeptMoveShape).openapi({ description: "The latest first" }), ...pageShape })
  .openapi("KeptMoves");

export type KeptMovesShape = z.infer<typeof KeptMovesShape>;

const choice = {
  refs: z
    .array(z.string().min(1).max(1000))
    .min(1)
    .max(1000)
    .optional()
    .openapi({ description: "Only these issues; default: all" }),
  project: z.string().max(200).optional().openapi({ description: "Only issues of this project" }),
};

export const KeptDropInput = z.strictObject(choice).openapi("KeptDropInput");

export type KeptDropInput = z.infer<typeof KeptDropInput>;

export const KeptSendInput = z
  .strictObject({
    ...choice,
    transition: z.string().optional().openapi({ description: "One of the choices of an earlier answer" }),
    fields: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi("KeptSendInput");

export type KeptSendInput = z.infer<typeof KeptSendInput>;
