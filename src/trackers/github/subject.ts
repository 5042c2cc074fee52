import { marked } from "marked";
import type { Subject } from "../conformance/stage.ts";
import { github } from "./index.ts";
import { pageSize } from "./client.ts";

/** What the conformance suite needs to know about GitHub. */
export const githubSubject: Subject = {
  definition: github,
  pageSize,
  states: { open: "open", closed: "closed" },
  isListRequest: ({ url }) => /\/issues\?.*sort=updated/.test(url),
  questions: {
    list: { method: "GET", path: "/issues?" },
    read: { method: "GET", path: "/issues/" },
    comments: { method: "GET", path: "/comments" },
    describe: { method: "GET", path: "/labels" },
  },
  listField: "number",
  writing: {
    requests: {
      create: { method: "POST", path: "/issues" },
      comment: { method: "POST", path: "/comments" },
      edit: { method: "PATCH", path: "/issues/" },
    },
    writes: [{ method: "POST" }, { method: "PATCH" }],
    shown: (text) => marked.parse(text, { async: false }).replace(/<!--[^]*?(?:-->|$)/g, ""),
  },
  skips: {
    "reports what the tracker's own list marks as trashed":
      "GitHub has no trash: a deleted issue leaves no trace in the list",
  },
};
