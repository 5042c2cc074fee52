import type { Subject } from "../conformance/stage.ts";
import { htmlToMarkdown } from "./html-to-markdown.ts";
import { rally } from "./index.ts";

/** The smaller of the two page sizes that accounts are given. */
const pageSize = 200;

/** What the conformance suite has to know of Rally. */
export const rallySubject: Subject = {
  definition: rally,
  pageSize,
  emulator: { largestPage: pageSize },
  states: { open: "Defined", closed: "Accepted" },
  isListRequest: ({ url }) => /\/artifact\?.*order=LastUpdateDate/.test(url),
  toMarkdown: htmlToMarkdown,
  skips: {
    "reports what the tracker's own list marks as thrown away":
      "Rally's lists do not show what lies in the recycle bin; the sweep finds it",
    "keeps the budget from the answers' headers, and does without them": "Rally has no quota and sends no such headers",
  },
};
