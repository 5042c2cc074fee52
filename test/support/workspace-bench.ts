import { makeWorkbench, type Workbench } from "./workbench.ts";
import type { Workspace } from "../../src/domain/workspace.ts";
import { createWorkspaces, type Workspaces } from "../../src/work/workspaces/workspaces.ts";

/** A workbench and the workspaces of its project. */
export type WorkspaceBench = Workbench & {
  readonly workspaces: Workspaces;
  /** Adds an issue to the mirror and creates its workspace. */
  create(number?: number, title?: string): Promise<Workspace>;
  /** The output of the steps that created it. */
  logOf(workspace: Pick<Workspace, "id">): string;
};

export async function makeWorkspaceBench(): Promise<WorkspaceBench> {
  const bench = await makeWorkbench();
  const workspaces = createWorkspaces(bench.parts);
  return {
    ...bench,
    get project() {
      return bench.project;
    },
    workspaces,
    async create(number = 1, title = "Fix the login") {
      const { ready } = await workspaces.create("shop", await bench.addIssue(number, title));
      return ready;
    },
    logOf: ({ id }) => workspaces.log(id, 0).text,
    async close() {
      await workspaces.stop();
      await bench.close();
    },
  };
}
