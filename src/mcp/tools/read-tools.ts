import { z } from "zod";
import { statuses } from "../../domain/status.ts";
import { describeCard, describeIssue, untrusted } from "../describe-issue.ts";
import type { IssueDesk } from "../issue-desk.ts";
import type { ToolRegistry } from "../tool-calls.ts";
import { answerOf } from "../tool-answer.ts";
import { findWithinReach } from "../within-reach.ts";
import { names, optionalRef } from "./tool-inputs.ts";

const annotations = { readOnlyHint: true, openWorldHint: true };

/** `search_issues` and `read_issue`. */
export function addReadTools(server: ToolRegistry, desk: IssueDesk): void {
  server.registerTool(
    "search_issues",
    {
      title: "Search issues",
      description:
        "Lists issues of all trackers that fit, one to a line: ref, tracker, project, status, title. Texts and comments are for read_issue.",
      inputSchema: {
        text: z.string().max(500).optional().describe("Words in refs, titles, texts and the comments fetched so far"),
        tracker: names.optional(),
        project: names.optional().describe("Ids of projects"),
        status: z.array(z.enum(statuses)).optional(),
        assignee: names.optional().describe("Logins, me or none"),
        label: names.optional(),
        limit: z.int().min(1).max(100).default(20),
        cursor: z.string().max(2_000).optional().describe("As an earlier answer gave it, with the same words"),
      },
      annotations,
    },
    ({ text, limit, cursor, ...words }) =>
      answerOf(async () => {
        const filter = Object.entries(words).flatMap(([key, values]) =>
          (values ?? []).map((value): [string, string] => [key, value.replaceAll(",", "\\,")]),
        );
        if (text !== undefined) filter.push(["q", text], ["sort", "relevance"]);
        const found = await desk.search(filter, { limit, cursor: cursor ?? null });
        const more = found.cursor === null ? [] : ["", `There are more: cursor ${found.cursor}`];
        return [
          `${found.total} ${found.total === 1 ? "issue fits" : "issues fit"}.`,
          ...(found.total === 0 ? [] : [untrusted, "", ...found.issues.map(describeCard), ...more]),
        ].join("\n");
      }),
  );

  server.registerTool(
    "read_issue",
    {
      title: "Read an issue",
      description: "An issue with its text, comments and related issues. Without a ref: the issue you work on.",
      inputSchema: {
        ref: optionalRef,
        bodyFrom: z.int().min(0).default(0).describe("Where a long text goes on, as an earlier answer said"),
        comments: z.int().min(0).max(50).default(15).describe("So many of the newest comments"),
        commentsSkip: z.int().min(0).default(0).describe("Leaves out so many of the newest, to reach older ones"),
      },
      annotations,
    },
    ({ ref, ...options }) =>
      answerOf(async () => {
        const { address } = await findWithinReach(desk, ref);
        const { issue, note } = await desk.read(address);
        return describeIssue(issue, options) + (note === null ? "" : `\n\nNote: ${note}`);
      }),
  );
}
