import { marked } from "marked";
import type { Subject } from "../conformance/stage.ts";
import { pageSize } from "./client.ts";
import { gitlab } from "./index.ts";

const shared: Subject = {
  definition: gitlab,
  pageSize,
  states: { open: "opened", closed: "closed" },
  tellsNoDeletion: true,
  // The first page's widgets, the two counts and the second page are requested concurrently.
  requestsToStart: 2,
  isListRequest: ({ url }) => /\/issues\?.*order_by=updated_at/.test(url),
  questions: {
    list: { method: "GET", path: "/issues?" },
    read: { method: "GET", path: "/issues/" },
    comments: { method: "GET", path: "/notes" },
    describe: { method: "GET", path: "/labels" },
  },
  listField: "iid",
  writing: {
    requests: {
      create: { method: "POST", path: "/issues" },
      comment: { method: "POST", path: "/notes" },
      edit: { method: "PUT", path: "/issues/" },
    },
    writes: [{ method: "POST" }, { method: "PUT" }],
    shown: (text) => marked.parse(text, { async: false }).replace(/<!--[^]*?(?:-->|$)/g, ""),
    canBeParent: (child, parent) => child.type === "task" && parent.type === "issue",
    // No seeded issue has this weight.
    estimate: 7,
    // The URL and the possible states depend on the type.
    alsoChanges: { type: ["url", "stateId"] },
  },
  skips: {
    "reports what the tracker's own list marks as trashed":
      "GitLab has no trash: a deleted issue leaves no trace in the list",
  },
};

/** What the conformance suite needs to know about gitlab.com. */
export const gitlabSubject: Subject = { ...shared, label: "gitlab.com" };

/** The same for an older server below a path, with an OAuth token: without keyset paging, and limits are stated only in refusals. */
export const selfManagedSubject: Subject = {
  ...shared,
  label: "GitLab self-managed",
  emulator: { variant: "self-managed" },
  requestsToStart: 4,
  skips: {
    ...shared.skips,
    "reads the budget from headers, and works without them": "a self-hosted server states its limits only in refusals",
  },
};

/** gitlab.com with custom statuses of the group. */
export const statusesSubject: Subject = {
  ...shared,
  label: "GitLab with statuses",
  emulator: { variant: "statuses" },
};
