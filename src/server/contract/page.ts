import { z } from "@hono/zod-openapi";

/** The fields of every page of a list in addition to its items. */
export const pageShape = {
  total: z.number().openapi({ description: "The total number, not only this page" }),
  cursor: z.string().nullable().openapi({ description: "The start of the next page; null on the last page" }),
};
