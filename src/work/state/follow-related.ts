import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Agent } from "../../domain/agent.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { FindRefs } from "../../domain/mention.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { ownFolder, writeOwnFile } from "./own-folder.ts";
import { readRelated, stateFile } from "./state-file.ts";

export type RelatedPorts = {
  readonly findRefs: FindRefs;
  /** Relates two issues, of any trackers; succeeds if they are already related. Throws what parsing the ref throws. */
  readonly relate: (issueId: number, ref: string, actor: string) => Promise<void>;
};

const relatedFile = "related.json";

/**
 * Creates relations from the refs that agents write under “Related issues” in their STATE.md. Each ref is used once per workspace, so that a removed relation
 * stays removed; a ref that matches no issue, or several, is tried again when the file changes, because trackers may be asked for it.
 */
export function createRelatedFollower(ports: RelatedPorts): (agent: Agent, workspace: Workspace) => Promise<void> {
  /** The modification time of the file when it was last read, by workspace. */
  const readAt = new Map<number, number>();
  return async (agent, workspace) => {
    const at = statSync(stateFile(workspace.path), { throwIfNoEntry: false })?.mtimeMs;
    if (at === undefined || readAt.get(workspace.id) === at) return;
    await relateWritten(ports, agent, workspace);
    readAt.set(workspace.id, at);
  };
}

async function relateWritten(ports: RelatedPorts, agent: Agent, workspace: Workspace): Promise<void> {
  const { issueId, ref: own, tracker } = workspace.issue;
  const related = issueId === null ? null : readRelated(workspace.path);
  if (issueId === null || related === null) return;
  const known = readKnown(join(ownFolder(workspace.path), relatedFile));
  const written = ports.findRefs(related, tracker).map((mention) => mention.written);
  const fresh = written.filter((ref) => !known.has(ref) && ref.toLowerCase() !== own.toLowerCase());
  if (fresh.length === 0) return;
  for (const ref of fresh) {
    try {
      await ports.relate(issueId, ref, agent.name);
      known.add(ref);
    } catch (error) {
      if (!isPanopticonError(error)) throw error;
    }
  }
  writeOwnFile(workspace.path, relatedFile, JSON.stringify([...known]));
}

function readKnown(file: string): Set<string> {
  if (!existsSync(file)) return new Set();
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return new Set(Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
  } catch (error) {
    // The file is in the agent's own folder; if the agent broke it, start over.
    if (error instanceof SyntaxError) return new Set();
    throw error;
  }
}
