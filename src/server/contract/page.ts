import { z } from "@hono/zod-openapi";

/** What every page of a list tells besides its items. */
export const pageShape = {
  total: z.number().openapi({ description: "The total number, not only this page" }),
  cursor: z.string().nullable().openapi({ description: "The start of the next page; null on the last page" }),
};
