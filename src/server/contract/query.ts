import { z } from "@hono/zod-openapi";
import { actorKinds } from "../../domain/actor-kind.ts";
import { filterKeys } from "../../domain/filter.ts";
import { groupings } from "../../domain/grouping.ts";
import { Time } from "./issue.ts";

/** Repeated or comma-separated. The values are parsed by domain/parse-filter.ts, which suggests the nearest word for an unknown one. */
const words = z.union([z.string(), z.array(z.string())]).optional();

const descriptions: Record<(typeof filterKeys)[number], string> = {
  tracker: "Tracker ids",
  project: "Project ids",
  status: "Statuses",
  state: "Names of the trackers' own states",
  assignee: "Logins, `me`, `none`",
  label: "Label names; `\\,` is a comma inside one",
  priority: "0 to 4, or none, urgent, high, medium, low",
  type: "The trackers' own words",
  cycle: "Cycle names, `none`",
  blocked: "`yes`: an unfinished issue blocks it, in any tracker; `no`",
  agent: "The state of its agent: starting, running, waiting, finished, failed, stopped, lost; `any`, `none`",
  q: "Full-text search in refs, titles, bodies and the comments fetched so far; punctuation is ignored, emoji are not",
  updated: "`>2026-01-01`, `<2026-02-01`, both, or `2026-01-01` for that day (UTC)",
  sort: "priority, updated, created, manual or relevance (how well it matches `q`); a leading `-` reverses the order",
};

const filterShape = Object.fromEntries(
  filterKeys.map((key) => [
    key,
    words.openapi({ param: { description: descriptions[key], style: "form", explode: true } }),
  ]),
) as Record<(typeof filterKeys)[number], typeof words>;

const limit = (fallback: number, most: number) =>
  z
    .string()
    .regex(/^-?\d{1,5}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(1, "must be at least 1").max(most, `must be at most ${most}`))
    .default(fallback)
    .openapi({
      type: "integer",
      minimum: 1,
      maximum: most,
      default: fallback,
      param: { description: `Default ${fallback}, at most ${most}` },
    });

/** For lists that are paged in memory. */
export const PageQuery = z.object({
  limit: limit(50, 1000),
  cursor: z
    .string()
    .max(1000)
    .regex(/^\d{1,9}\../s, "is not from this list")
    .optional(),
});

export const KeptMovesQuery = PageQuery.extend({
  project: z
    .string()
    .max(200)
    .optional()
    .openapi({ param: { description: "Only issues of this project" } }),
});

const known = z
  .string()
  .max(8000)
  .regex(/^[\w,-]*$/, "must be versions of comment blocks")
  .optional()
  .openapi({
    param: {
      description:
        "Versions from `commentBlocks` of earlier answers, comma-separated, or empty: answer with `commentBlocks`, and without the comments of these blocks",
    },
  });

export const IssueQuery = z.object({ known });

export const CommentsQuery = PageQuery.extend({ known });

export const BoardQuery = z.object({ ...filterShape, limit: limit(50, 1000) });

export const GroupsQuery = z.object({
  ...filterShape,
  by: z.enum(groupings).openapi({ param: { description: "What to group by" } }),
});

export const IssuesQuery = z.object({
  ...filterShape,
  limit: limit(50, 1000),
  cursor: z.string().max(2000).optional(),
});

const historyPage = {
  limit: limit(50, 1000),
  cursor: z
    .string()
    .regex(/^\d{1,15}\.\d{1,15}$/, "is not from this list")
    .optional(),
};

export const IssueHistoryQuery = z.object(historyPage);

export const HistoryQuery = z.object({
  ...historyPage,
  by: z
    .enum(actorKinds)
    .optional()
    .openapi({ param: { description: "Whose changes: `cli` are programs, `tracker` is people in a tracker" } }),
  tracker: z
    .string()
    .max(100)
    .optional()
    .openapi({ param: { description: "Only issues in this tracker" } }),
  settled: z
    .enum(["true", "false"])
    .optional()
    .openapi({
      param: {
        description: "Only changes made here that are settled: written, replaced by a later one, dropped or undone",
      },
    }),
  countSince: Time.optional().openapi({
    param: { description: "Counts all entries since this time, regardless of the other parameters" },
  }),
});

export const RefParam = z.object({
  ref: z
    .string()
    .max(1000)
    .openapi({ description: "Percent-encoded: a ref, a former key or the issue's URL", example: "panopticon%2345" }),
});
