import { z } from "zod";
import { PanopticonError } from "../../domain/error.ts";
import { statusLabels } from "../../domain/status.ts";
import { oneLine } from "../../work/state/other-peoples-text.ts";
import type { IssueDesk } from "../issue-desk.ts";
import type { ToolRegistry } from "../tool-calls.ts";
import { answerOf, describeDelivery } from "../tool-answer.ts";
import { findWithinReach } from "../within-reach.ts";
import { names, optionalRef, ownFields, text } from "./tool-inputs.ts";

const annotations = { readOnlyHint: false, destructiveHint: false, openWorldHint: true };

/** Adds `comment_issue`, `move_issue` and `edit_issue`. */
export function addChangeTools(server: ToolRegistry, desk: IssueDesk): void {
  server.registerTool(
    "comment_issue",
    {
      title: "Comment on an issue",
      description: "Adds a comment to an issue, in markdown, in the issue's own tracker.",
      inputSchema: {
        ref: optionalRef,
        text: text.min(1),
        replyTo: z
          .string()
          .min(1)
          .max(500)
          .optional()
          .describe(
            "The login of a person, to reply in the thread of their newest comment, if its tracker has threads",
          ),
      },
      annotations,
    },
    ({ ref, text: body, replyTo }) =>
      answerOf(async () => {
        const issue = await findWithinReach(desk, ref);
        const { delivery } = await desk.comment(issue.address, body, replyTo);
        return `Commented on ${oneLine(issue.ref)}. ${describeDelivery(delivery)}`;
      }),
  );

  server.registerTool(
    "move_issue",
    {
      title: "Move an issue",
      description:
        "Moves an issue to a status: backlog, planning, in_progress, in_review, done, canceled, or one of its tracker's own states.",
      inputSchema: {
        ref: optionalRef,
        status: z.string().min(1).max(200),
        transition: z.string().max(200).optional().describe("One of the transitions listed in an earlier result"),
        fields: ownFields,
      },
      annotations,
    },
    ({ ref, status, transition, fields }) =>
      answerOf(async () => {
        const { address } = await findWithinReach(desk, ref);
        const { result, delivery } = await desk.edit(address, { status, transition, fields });
        return `${oneLine(result.ref)} is ${statusLabels[result.status]} (${oneLine(result.nativeState.name)}). ${describeDelivery(delivery)}`;
      }),
  );

  server.registerTool(
    "edit_issue",
    {
      title: "Edit an issue",
      description:
        "Changes fields of an issue. Fields left out stay as they are; null removes a value. To change the status, use move_issue.",
      inputSchema: {
        ref: optionalRef,
        title: z.string().max(1_000).optional(),
        body: text.optional().describe("The complete new text, in markdown"),
        priority: z.string().max(100).optional().describe("none, urgent, high, medium, low"),
        dueDate: z.iso.date().nullable().optional(),
        estimate: z.number().nullable().optional(),
        parent: z.string().max(1_000).nullable().optional().describe("A ref"),
        cycle: z.string().max(500).nullable().optional(),
        type: z.string().max(200).optional(),
        addLabels: names.optional(),
        removeLabels: names.optional(),
        addAssignees: names.optional().describe("Logins, or me"),
        removeAssignees: names.optional(),
        fields: ownFields,
      },
      annotations,
    },
    ({ ref, ...patch }) =>
      answerOf(async () => {
        if (Object.values(patch).every((value) => value === undefined)) {
          throw new PanopticonError("invalid_input", "Nothing to change: give at least one field.");
        }
        const { address } = await findWithinReach(desk, ref);
        const { result, delivery } = await desk.edit(address, patch);
        return `Changed ${oneLine(result.ref)}. ${describeDelivery(delivery)}`;
      }),
  );
}
