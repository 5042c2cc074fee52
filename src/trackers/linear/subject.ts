import type { Subject } from "../conformance/stage.ts";
import { linear } from "./index.ts";
import { issuesQuery } from "./queries.ts";

/** What the conformance suite has to know of Linear. */
export const linearSubject: Subject = {
  definition: linear,
  pageSize: issuesQuery.pageSize,
  states: { open: "Todo", closed: "Done" },
  isListRequest: ({ body }) => body.includes("query Issues("),
  skips: {},
};
