import { z } from "zod";
import { relationTypes } from "../../domain/issue.ts";
import { oneLine } from "../../work/state/other-peoples-text.ts";
import type { IssueDesk } from "../issue-desk.ts";
import type { ToolRegistry } from "../tool-calls.ts";
import { answerOf, describeDelivery } from "../tool-answer.ts";
import { findWithinReach } from "../within-reach.ts";
import { optionalRef, ref as issueRef } from "./tool-inputs.ts";

/** Adds `relate_issues`: from an issue in reach to any other; the link is visible on both. */
export function addRelateTool(server: ToolRegistry, desk: IssueDesk): void {
  server.registerTool(
    "relate_issues",
    {
      title: "Relate two issues",
      description:
        "Links an issue (by default yours) to another one, in any tracker. The type describes the first issue: blocks means it blocks the other; parent means the other becomes its parent.",
      inputSchema: { ref: optionalRef, type: z.enum(relationTypes), other: issueRef.describe("The other issue") },
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    },
    ({ ref, type, other }) =>
      answerOf(async () => {
        const issue = await findWithinReach(desk, ref);
        const target = await desk.find(other);
        const { delivery } = await desk.relate(issue.address, type, target.address);
        return `${oneLine(issue.ref)}: ${type.replaceAll("_", " ")} ${oneLine(target.ref)}. ${describeDelivery(delivery)}`;
      }),
  );
}
