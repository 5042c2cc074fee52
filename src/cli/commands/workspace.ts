import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { BegunWorkspaceShape, WorkspaceShape } from "../../server/contract/work.ts";
import type { Context } from "../context.ts";
import { plainLine, plainText } from "../../domain/plain-text.ts";
import { readInput } from "../editing/read-text.ts";
import { printTable } from "../printing/table.ts";
import { findWorkspace } from "../work/pick-work.ts";
import { openWorking } from "../work/open-working.ts";
import type { Working } from "../work/working.ts";

type JsonOption = { readonly json?: boolean };

type RequestOptions = JsonOption & { readonly title?: string; readonly body?: string; readonly draft?: boolean };

const pollMs = 120;

export function define(command: Command, context: Context): void {
  const { out } = context;
  command.action(() => command.outputHelp());
  command
    .command("create")
    .summary("make a git worktree and branch for an issue")
    .description("Creates a git worktree and a branch for an issue, or continues a failed one.")
    .argument("<ref>", "the issue")
    .option("--json", "as JSON: the workspace")
    .action((ref: string, { json }: JsonOption) =>
      withWorking(context, async (working) => {
        const { workspace, said } = await follow(context, working, await working.createWorkspace(ref));
        if (json) out.json(workspace);
        if (workspace.state === "failed") {
          throw new PanopticonError("internal", workspace.problem ?? "A step failed.", {
            hint: `Mend it and run pan workspace create ${ref} again to go on, or pan workspace remove ${ref}.`,
          });
        }
        if (json) return;
        for (const note of workspace.notes) if (!said.includes(note)) out.note(plainText(note));
        out.line(`${plainLine(workspace.ref)} is in ${plainLine(workspace.path)}, on ${plainLine(workspace.branch)}.`);
      }),
    );
  command
    .command("list")
    .summary("list the workspaces")
    .description("Lists the workspaces, in their current git state.")
    .option("--json", "as JSON: {workspaces, total, cursor}, all of them")
    .action(({ json }: JsonOption) =>
      withWorking(context, async (working) => {
        const listed = await working.workspaces();
        if (json) out.json(listed);
        else printWorkspaces(context, listed.workspaces);
      }),
    );
  command
    .command("path")
    .summary("print a workspace's folder")
    .description('Prints a workspace\'s folder: cd "$(pan workspace path REF)".')
    .argument("<ref>", "the issue, or the workspace's number")
    .action((ref: string) =>
      withWorking(context, async (working) => {
        const workspace = await findWorkspace(working, ref);
        if (!workspace.present) {
          throw new PanopticonError("not_found", `The folder ${workspace.path} is not there.`, {
            hint: `pan workspace create ${workspace.ref} creates it again.`,
          });
        }
        out.line(workspace.path);
      }),
    );
  command
    .command("request")
    .summary("open a pull or merge request")
    .description("Pushes a workspace's branch and opens a pull or merge request that links its issue.")
    .argument("<ref>", "the issue, or the workspace's number")
    .option("--title <text>", "its title; default: the issue's")
    .option("--body <text>", "its text above the link to the issue; - reads it from standard input")
    .option("--draft", "open it as a draft")
    .option("--json", "as JSON: {url, name, number, state}")
    .action(async (ref: string, { title, body, draft = false, json }: RequestOptions) => {
      const text = body === "-" ? await readInput() : body;
      await withWorking(
        context,
        async (working) => {
          const { id, ref: own } = await findWorkspace(working, ref);
          const request = await working.openRequest(id, {
            ...(title !== undefined && { title }),
            ...(text !== undefined && { body: text }),
            draft,
          });
          if (json) out.json(request);
          else out.line(`${plainLine(own)} is handed in with ${plainLine(request.name)}: ${plainLine(request.url)}`);
        },
        { requests: true },
      );
    });
  command
    .command("remove")
    .summary("remove a workspace")
    .description("Removes a workspace's folder and branch. Refused if work would be lost.")
    .argument("<ref>", "the issue, or the workspace's number")
    .option("--force", "remove it anyway, and stop the agent in it")
    .action((ref: string, { force = false }: { force?: boolean }) =>
      withWorking(
        context,
        async (working) => {
          const workspace = await findWorkspace(working, ref);
          const { kept } = await working.removeWorkspace(workspace.id, force);
          out.line(`The workspace of ${plainLine(workspace.ref)} is removed.`);
          if (kept !== null) out.note(`Its commits are still there: git branch NAME ${kept}`);
        },
        { requests: true },
      ),
    );
}

async function withWorking(
  context: Context,
  work: (working: Working) => Promise<void>,
  options?: { readonly requests: boolean },
): Promise<void> {
  const working = await openWorking(context, options);
  try {
    await work(working);
  } finally {
    await working.close();
  }
}

type Followed = { readonly workspace: WorkspaceShape; readonly said: string };

/**
 * Prints the output of a workspace's steps to standard error until they finish or one fails; `said` is all of that output. Throws `conflict` if the
 * workspace is removed meanwhile.
 */
async function follow({ out }: Context, working: Working, begun: BegunWorkspaceShape): Promise<Followed> {
  const removed = new PanopticonError(
    "conflict",
    `The workspace of ${begun.ref} was removed while it was being created.`,
  );
  let workspace: WorkspaceShape = begun;
  let shown = begun.logFrom;
  let said = "";
  try {
    for (;;) {
      // Read the log after the state, so that the output of fast steps is printed too.
      const { text, end } = await working.workspaceLog(workspace.id, shown);
      if (text.trimEnd() !== "") out.note(plainText(text).trimEnd());
      shown = end;
      said += text;
      if (workspace.state === "removing") throw removed;
      if (workspace.state !== "creating") return { workspace, said };
      await sleep(pollMs);
      workspace = await working.workspace(workspace.id);
    }
  } catch (error) {
    throw isPanopticonError(error) && error.code === "not_found" ? removed : error;
  }
}

function printWorkspaces({ out }: Context, workspaces: readonly WorkspaceShape[]): void {
  if (workspaces.length === 0) {
    out.note("There are no workspaces; pan workspace create REF makes one.");
    return;
  }
  printTable(
    out,
    [
      { title: "ID", align: "right" },
      { title: "REF" },
      { title: "STATE" },
      { title: "BRANCH", shrink: 1, least: 12 },
      { title: "CHANGES" },
      { title: "FOLDER", shrink: 2, least: 12 },
    ],
    workspaces.map((one) => [
      { text: one.id, style: "dim" },
      { text: plainLine(one.ref) },
      { text: stateOf(one) },
      { text: plainLine(branchOf(one)) },
      { text: changesOf(one) },
      { text: plainLine(one.path), style: "dim" },
    ]),
  );
  for (const { ref, state, trouble } of workspaces) {
    if (state !== "ready" || trouble === null) continue;
    const todo = trouble.mendable ? `; pan workspace create ${ref} makes it whole` : "";
    out.note(plainLine(`${ref}: ${trouble.words}${todo}.`));
  }
}

function stateOf({ state, present, trouble }: WorkspaceShape): string {
  if (state !== "ready") return state;
  return present ? (trouble?.mendable === true ? "broken" : trouble === null ? state : "locked") : "missing";
}

function branchOf({ branch, checkedOut, present }: WorkspaceShape): string {
  if (!present || checkedOut === branch) return branch;
  return `${branch} (${checkedOut ?? "no branch"} is checked out)`;
}

function changesOf({ dirty, ahead, behind }: WorkspaceShape): string {
  const parts = [dirty ? "uncommitted" : "", ahead > 0 ? `${ahead} ahead` : "", behind > 0 ? `${behind} behind` : ""];
  return parts.filter((part) => part !== "").join(", ");
}
