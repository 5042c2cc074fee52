import { PanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import type { AgentShape, WorkspaceShape } from "../../server/contract/work.ts";
import type { Working } from "./working.ts";

/** Finds a workspace by ref or id. Throws `not_found` with the nearest, `conflict` if the ref is ambiguous. */
export async function findWorkspace(working: Pick<Working, "workspaces">, written: string): Promise<WorkspaceShape> {
  const own = (await working.workspaces(written.trim())).workspaces;
  const isAmong = own.some(({ ref }) => isNamed(ref, written));
  return pick("workspace", isAmong ? own : (await working.workspaces()).workspaces, written);
}

/** Whether a ref is the written one. */
export function isNamed(ref: string, written: string): boolean {
  return ref.toLowerCase() === written.trim().toLowerCase();
}

/** Finds an agent by id, or an issue's latest one, running agents first. */
export function pickAgent(agents: readonly AgentShape[], written: string): AgentShape {
  const byId = agents.find(({ id }) => id === written.trim());
  if (byId !== undefined) return byId;
  const latest = new Map<string, AgentShape>();
  for (const agent of agents)
    if (!latest.has(`${agent.tracker} ${agent.ref}`)) latest.set(`${agent.tracker} ${agent.ref}`, agent);
  return pick("agent", [...latest.values()], written);
}

/** How to create one if there is none. */
const begin = {
  workspace: "pan workspace create makes one.",
  agent: "pan agent start starts one.",
};

function pick<Item extends { readonly id: string; readonly ref: string; readonly project: string }>(
  noun: keyof typeof begin,
  items: readonly Item[],
  written: string,
): Item {
  const found = items.filter(({ id, ref }) => id === written.trim() || isNamed(ref, written));
  const [only, ...others] = found;
  if (only === undefined) {
    const near = nearestWord(
      written,
      items.map(({ ref }) => ref),
    );
    throw new PanopticonError("not_found", `There is no ${noun} of “${written}”.`, {
      hint: `${near === undefined ? `List them with pan ${noun} list.` : `Did you mean ${near}?`} ${begin[noun]}`,
    });
  }
  if (others.length === 0) return only;
  throw new PanopticonError("conflict", `“${written}” fits ${found.length} ${noun}s.`, {
    hint: "Use the number of one of them.",
    candidates: found.map(({ id, ref, project }) => `${id}  ${ref} in ${project}`),
  });
}
