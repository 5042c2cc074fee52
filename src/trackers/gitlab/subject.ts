import type { Subject } from "../conformance/stage.ts";
import { pageSize } from "./client.ts";
import { gitlab } from "./index.ts";

const shared: Subject = {
  definition: gitlab,
  pageSize,
  states: { open: "opened", closed: "closed" },
  isListRequest: ({ url }) => /\/issues\?.*order_by=updated_at/.test(url),
  skips: {
    "reports what the tracker's own list marks as thrown away":
      "GitLab has no trash: a deleted issue leaves no trace in the list",
  },
};

/** What the conformance suite has to know of gitlab.com. */
export const gitlabSubject: Subject = { ...shared, label: "gitlab.com" };

/** The same of an older server below a path, with an OAuth token: without keyset paging, and its limits are told in refusals only. */
export const selfManagedSubject: Subject = {
  ...shared,
  label: "GitLab self-managed",
  emulator: { variant: "self-managed" },
  skips: {
    ...shared.skips,
    "keeps the budget from the answers' headers, and does without them":
      "a server of one's own tells its limits only when it refuses",
  },
};
