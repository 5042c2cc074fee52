import { z } from "zod";
import { PanopticonError } from "../../domain/error.ts";
import { oneLine } from "../../work/state/other-peoples-text.ts";
import type { IssueDesk } from "../issue-desk.ts";
import type { ToolRegistry } from "../tool-calls.ts";
import { answerOf, describeDelivery } from "../tool-answer.ts";
import { names, ownFields, text } from "./tool-inputs.ts";

/** Adds `create_issue`: in the caller's project and linked to the caller's issue, so that its origin is visible and it stays in reach. */
export function addCreateTool(server: ToolRegistry, desk: IssueDesk): void {
  server.registerTool(
    "create_issue",
    {
      title: "Create an issue",
      description:
        "Creates an issue in a source of your project (by default the source of your issue) and links it to your issue. Other sources may belong to other trackers.",
      inputSchema: {
        title: z.string().min(1).max(1_000),
        body: text.default("").describe("Markdown"),
        source: z.string().max(500).optional().describe("A source's key: owner/repo, a team, a project key"),
        project: z
          .string()
          .max(200)
          .optional()
          .describe("A project's id; a project other than your own only if it is within reach"),
        relation: z
          .enum(["relates", "child", "blocks", "blocked_by", "duplicates", "none"])
          .default("relates")
          .describe("How the new issue relates to yours: child makes yours its parent, blocks makes yours wait for it"),
        status: z.string().max(200).optional(),
        type: z.string().max(200).optional(),
        priority: z.string().max(100).optional(),
        labels: names.optional(),
        assignees: names.optional(),
        fields: ownFields,
      },
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
    },
    ({ relation, project, source, ...draft }) =>
      answerOf(async () => {
        const own = await desk.own();
        const isAnywhere = (await desk.reach()) === "all";
        if (!isAnywhere && project !== undefined && project !== own?.project) throw elsewhere(own?.project);
        if (!isAnywhere && own === null) throw elsewhere(undefined);
        const place = {
          project: project ?? (source !== undefined && isAnywhere ? undefined : own?.project),
          source: source ?? (project === undefined || project === own?.project ? own?.source : undefined),
        };
        const { result, delivery } = await desk.create({ ...draft, ...place });
        // By now the tracker has usually named it; the local ref keeps working.
        const { ref } = await desk.find(result.ref);
        const made = `Created ${oneLine(ref)} in ${result.tracker}. ${describeDelivery(delivery)}`;
        if (own === null || relation === "none") return made;
        // From the new issue's side: it is the child of, blocks, or relates to the caller's issue.
        const linked = await desk.relate(result.address, relation === "child" ? "parent" : relation, own.address);
        return `${made}\nLinked to ${oneLine(own.ref)}. ${describeDelivery(linked.delivery)}`;
      }),
  );
}

function elsewhere(project: string | undefined): PanopticonError {
  return new PanopticonError(
    "forbidden",
    project === undefined
      ? "There is no project to create issues in."
      : `You can create issues in the project ${project} only.`,
    { hint: "The user can extend this with mcp: { reach: all } in config.yaml, or pan mcp --reach all." },
  );
}
