import type { IssueFilter, Sort } from "../../domain/filter.ts";
import { type FilterWords, parseFilter, parseGrouping } from "../../domain/parse-filter.ts";
import type { Services } from "../services.ts";

/** The filter in a request's URL; `others`: the call's other parameters. Throws `invalid_input` and `not_found`. */
export function readFilter(
  url: string,
  others: readonly string[],
  services: Pick<Services, "trackers" | "config">,
): { filter: IssueFilter; sort: Sort } {
  const written = [...new URL(url).searchParams].filter(([key]) => !others.includes(key));
  return parseFilter(written, filterWords(services));
}

function filterWords({ trackers, config }: Pick<Services, "trackers" | "config">): FilterWords {
  return { trackers: trackers.map((tracker) => tracker.id), projects: config.current().projects };
}

/** Throws `invalid_input` or `not_found` for a view whose query a list would reject. */
export function checkViewQuery(query: string, services: Pick<Services, "trackers" | "config">): void {
  const written = [...new URLSearchParams(query)];
  // In addition to its filter, a view contains its grouping.
  for (const [key, value] of written) if (key === "group") parseGrouping(value);
  parseFilter(
    written.filter(([key]) => key !== "group"),
    filterWords(services),
  );
}
