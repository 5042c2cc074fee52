import { z } from "@hono/zod-openapi";
import { agentStates } from "../../domain/agent.ts";
import { PriorityNumber, StatusName, Time } from "./issue.ts";

const DispatchIssueShape = z.object({
  ref: z.string(),
  address: z.string(),
  title: z.string(),
  tracker: z.string(),
  project: z.string(),
  status: StatusName,
  priority: PriorityNumber,
});

const Spent = z.object({ cost: z.number().openapi({ description: "US dollars" }), tokens: z.number() });
const Ceiling = z.object({ perIssue: z.number().nullable(), perDay: z.number().nullable() });

/** The state of dispatch. `GET /api/dispatch`. */
export const DispatchShape = z
  .object({
    enabled: z.boolean().openapi({ description: "Whether projects.yaml has rules" }),
    paused: z.string().nullable().openapi({ description: "Why no new agents start, even on matching issues" }),
    warning: z
      .string()
      .nullable()
      .openapi({ description: "Warnings about rules that may be unintended, such as rules that match every issue" }),
    rules: z
      .object({
        when: z.object({
          status: z.array(StatusName),
          labels: z.array(z.string()),
          assignee: z.array(z.string()),
          project: z.array(z.string()),
        }),
        agent: z.string().nullable(),
        limit: z.object({ total: z.number(), perStatus: z.record(z.string(), z.number()) }),
        attempts: z.number(),
        turns: z.number(),
        cost: Ceiling,
        tokens: Ceiling,
      })
      .nullable(),
    slots: z.object({ used: z.number(), total: z.number() }),
    spentToday: Spent,
    start: z.array(DispatchIssueShape).openapi({ description: "Issues that would start now, in this order" }),
    others: z
      .array(DispatchIssueShape.extend({ reason: z.string() }))
      .openapi({ description: "Other matching issues, and why they do not start" }),
    claimed: z
      .array(
        z.object({
          ref: z.string(),
          address: z.string().nullable().openapi({ description: "null if the issue is no longer mirrored" }),
          title: z.string().nullable(),
          tracker: z.string().nullable(),
          project: z.string(),
          status: StatusName.nullable(),
          claimedAt: Time,
          agent: z.object({ id: z.string(), name: z.string(), state: z.enum(agentStates), since: Time }).nullable(),
          turns: z.number(),
          failures: z.number().openapi({ description: "Failures in a row" }),
          nextAt: Time.nullable().openapi({ description: "The earliest time of the next turn" }),
          ended: z.boolean().openapi({ description: "Dispatch leaves it alone until it stops matching" }),
          reason: z.string().nullable().openapi({ description: "Why it is not continuing at the moment" }),
          spent: Spent,
        }),
      )
      .openapi({ description: "Issues that dispatch has taken" }),
  })
  .openapi("Dispatch");

export type DispatchShape = z.infer<typeof DispatchShape>;
