import { z } from "zod";
import { blockedWords } from "../../domain/filter.ts";
import { statuses } from "../../domain/status.ts";
import { describeCard, describeIssue, untrusted } from "../describe-issue.ts";
import type { IssueDesk } from "../issue-desk.ts";
import type { ToolRegistry } from "../tool-calls.ts";
import { answerOf } from "../tool-answer.ts";
import { findWithinReach } from "../within-reach.ts";
import { names, optionalRef } from "./tool-inputs.ts";

const annotations = { readOnlyHint: true, openWorldHint: true };

/** Adds `search_issues` and `read_issue`. */
export function addReadTools(server: ToolRegistry, desk: IssueDesk): void {
  server.registerTool(
    "search_issues",
    {
      title: "Search issues",
      description:
        "Lists matching issues in all trackers, one per line: ref, tracker, project, status, title. For texts and comments, use read_issue.",
      inputSchema: {
        text: z.string().max(500).optional().describe("Words in refs, titles, texts and the comments fetched so far"),
        tracker: names.optional(),
        project: names.optional().describe("Ids of projects"),
        status: z.array(z.enum(statuses)).optional(),
        assignee: names.optional().describe("Logins, me or none"),
        label: names.optional(),
        blocked: z.array(z.enum(blockedWords)).optional().describe("Whether an unfinished issue blocks it"),
        limit: z.int().min(1).max(100).default(20),
        cursor: z.string().max(2_000).optional().describe("The cursor from an earlier result, with the same filters"),
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
        const more = found.cursor === null ? [] : ["", `More results: cursor ${found.cursor}`];
        return [
          `${found.total} matching ${found.total === 1 ? "issue" : "issues"}.`,
          ...(found.total === 0 ? [] : [untrusted, "", ...found.issues.map(describeCard), ...more]),
        ].join("\n");
      }),
  );

  server.registerTool(
    "read_issue",
    {
      title: "Read an issue",
      description:
        "Returns an issue with its text, comments and related issues. Without a ref: the issue you are working on.",
      inputSchema: {
        ref: optionalRef,
        bodyFrom: z.int().min(0).default(0).describe("Where to continue in a long text, from an earlier result"),
        comments: z.int().min(0).max(50).default(15).describe("How many of the newest comments to return"),
        commentsSkip: z
          .int()
          .min(0)
          .default(0)
          .describe("How many of the newest comments to skip, to reach older ones"),
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
