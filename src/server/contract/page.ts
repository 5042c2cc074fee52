import { z } from "@hono/zod-openapi";

/** What every page of a list tells besides its items. */
export const pageShape = {
  total: z.number().openapi({ description: "Of all of them, whatever fits the page" }),
  cursor: z.string().nullable().openapi({ description: "Where the next page begins; null: this is the last" }),
};
