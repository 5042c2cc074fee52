import type { IssueShape } from "../../../src/server/contract/issue.ts";

export type PersonShape = IssueShape["assignees"][number];
