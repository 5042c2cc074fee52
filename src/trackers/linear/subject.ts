import { marked } from "marked";
import type { Subject } from "../conformance/stage.ts";
import { linear } from "./index.ts";
import { issuesQuery } from "./queries.ts";

const noTwins =
  "Linear refuses a second issue or comment with the same id, so there are no duplicates (write/write-new.test.ts)";
const ownId = "the mark is the id of the issue or comment itself, which Linear lets clients choose";

/** What the conformance suite needs to know about Linear. */
export const linearSubject: Subject = {
  definition: linear,
  pageSize: issuesQuery.pageSize,
  states: { open: "Todo", closed: "Done" },
  isListRequest: ({ body }) => body.includes("query Issues("),
  questions: {
    list: { body: "query Issues" },
    read: { body: "query Issue(" },
    comments: { body: "query Comments" },
    describe: { body: "query Labels" },
  },
  listField: "nodes",
  writing: {
    requests: {
      create: { body: "mutation CreateIssue" },
      comment: { body: "mutation CreateComment" },
      edit: { body: "mutation UpdateIssue" },
    },
    writes: [{ body: "mutation " }],
    shown: (text) => marked.parse(text, { async: false }),
    // No seeded issue has this estimate.
    estimate: 34,
    // The URL contains the title.
    alsoChanges: { title: ["url"] },
  },
  skips: {
    "finds both duplicates of an issue, the older one first": noTwins,
    "finds both duplicates of a comment": noTwins,
    "keeps the mark of a create invisible, also when the text is edited": ownId,
    "keeps the mark of a comment invisible": ownId,
  },
};
