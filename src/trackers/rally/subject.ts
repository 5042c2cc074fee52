import type { Subject } from "../conformance/stage.ts";
import { htmlToMarkdown } from "./text/html-to-markdown.ts";
import { rally } from "./index.ts";

/** The smaller of the two page sizes that accounts get. */
const pageSize = 200;

/** Which types can be below which. */
const parents: Readonly<Record<string, readonly string[]>> = {
  "User Story": ["User Story", "Feature"],
  Defect: ["User Story"],
  Task: ["User Story", "Defect"],
};

/** What the conformance suite needs to know about Rally. */
export const rallySubject: Subject = {
  definition: rally,
  pageSize,
  emulator: { largestPage: pageSize },
  states: { open: "Defined", closed: "Accepted" },
  mixesStates: true,
  isListRequest: ({ url }) => /\/artifact\?.*order=LastUpdateDate/.test(url),
  questions: {
    list: { path: "/artifact" },
    read: { method: "GET" },
    comments: { method: "GET", path: "/Discussion" },
    describe: { method: "GET", path: "/tag?" },
  },
  listField: "Results",
  toMarkdown: htmlToMarkdown,
  writing: {
    requests: {
      create: { method: "POST", path: "/hierarchicalrequirement/create" },
      comment: { method: "POST", path: "/conversationpost/create" },
      edit: { method: "POST", path: "/hierarchicalrequirement/7" },
    },
    writes: [{ method: "POST" }],
    shown: (html) => html.replace(/<[^>]*>/g, " "),
    // Different from all seeded estimates.
    estimate: 21,
    // Tasks and portfolio items have no finish date: the last change is used instead.
    alsoChanges: { cycleId: ["closedAt"], estimate: ["closedAt"], parent: ["closedAt"] },
    relatedTypes: { duplicates: "Defect" },
    canBeParent: (child, parent) => parents[child.type]?.includes(parent.type) ?? false,
  },
  skips: {
    "reports what the tracker's own list marks as trashed":
      "Rally's lists do not contain the recycle bin; the sweep finds deleted items",
    "reads the budget from headers, and works without them": "Rally has no quota and sends no such headers",
  },
};
