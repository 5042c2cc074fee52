import { z } from "@hono/zod-openapi";

export const HealthShape = z
  .object({
    status: z.literal("ok"),
    version: z.string(),
    uptime: z.number().openapi({ description: "Seconds since the server started" }),
  })
  .openapi("Health");

export type HealthShape = z.infer<typeof HealthShape>;

/**
 * What a user is looking at. Sent when a page becomes visible or hidden, when a panel opens or closes, and again within `leaseMs`, after which it expires.
 * `client` is any random word chosen by the page.
 */
export const WatchInput = z
  .object({
    client: z.string().min(1).max(80),
    board: z.boolean().openapi({ description: "The board is visible" }),
    issue: z.string().max(500).nullable().openapi({ description: "Ref of the issue whose panel is open" }),
  })
  .openapi("WatchInput");

export type WatchInput = z.infer<typeof WatchInput>;

export const WatchShape = z.object({ leaseMs: z.number() }).openapi("Watch");

export type WatchShape = z.infer<typeof WatchShape>;

export const SignInAddressShape = z
  .object({ url: z.string().openapi({ description: "Signs in one browser, once, within two minutes" }) })
  .openapi("SignInAddress");
