import type { Subject } from "../conformance/stage.ts";
import { pageSize } from "./client.ts";
import { gitlab } from "./index.ts";

/** What the conformance suite has to know of GitLab. */
export const gitlabSubject: Subject = {
  definition: gitlab,
  pageSize,
  states: { open: "opened", closed: "closed" },
  isListRequest: ({ url }) => /\/issues\?.*order_by=updated_at/.test(url),
  skips: {
    "reports what the tracker's own list marks as thrown away":
      "GitLab has no trash: a deleted issue leaves no trace in the list",
  },
};
