import type { NewWorkspaceFor } from "../../work/workspaces/create-workspace.ts";
import { toRefContext } from "./ref-context.ts";
import { resolveRef } from "./resolve-ref.ts";

/** The issue that work is requested for, and its project. Throws like `resolveRef`. */
export async function findWorkIssue(
  ref: string,
  parts: Parameters<typeof toRefContext>[0],
): Promise<{ readonly projectId: string; readonly issue: NewWorkspaceFor }> {
  const { id } = await resolveRef(ref, toRefContext(parts));
  const { project, ref: present, title } = await parts.store.board.detail(id);
  return { projectId: project, issue: { issueId: id, ref: present, title } };
}
