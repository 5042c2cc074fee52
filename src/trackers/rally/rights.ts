import { type ErrorCode, isPanopticonError } from "../../domain/error.ts";
import type { SourceSchema } from "../tracker.ts";
import type { RallyParts } from "./parts.ts";
import type { ProjectScope } from "./scope.ts";
import { newKeyHint, readOnlyKey, type WriteClient } from "./write/write-client.ts";

type Writable = SourceSchema["writable"];

/**
 * What the key may do in a project: whether it may write at all, and its user's role. Only a refusal tells whether it may write, so an item that cannot exist
 * is updated. Roles: https://knowledge.broadcom.com/external/article/111601
 */
export async function findRights(
  parts: RallyParts,
  scope: ProjectScope,
  signal: AbortSignal | undefined,
): Promise<Writable> {
  const { learned, writes } = parts;
  const [mayWrite, roles] = await Promise.all([
    learned.mayWrite === true ? true : findKeyWrites(writes, scope.workspace, signal),
    findRoles(parts, scope, signal),
  ]);
  learned.mayWrite = mayWrite;
  if (mayWrite === false) return { allowed: false, reason: `${readOnlyKey} ${newKeyHint}` };
  // Workspace administrators need no role in its projects.
  if (roles === null || roles.length === 0) return { allowed: null, reason: null };
  if (roles.every((role) => /viewer|no access/i.test(role))) {
    return {
      allowed: false,
      reason: "The key's user is a viewer of this project. A project administrator can make the user an editor.",
    };
  }
  return { allowed: mayWrite, reason: null };
}

async function findKeyWrites(
  writes: WriteClient,
  workspace: string,
  signal: AbortSignal | undefined,
): Promise<boolean | null> {
  try {
    await writes.touchNothing(workspace, signal);
    return null;
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
    if (error.code === "not_found") return true;
    // "Under normal circumstances, a read-only key trying to POST would result in a 401": https://knowledge.broadcom.com/external/article/127054
    if (error.code === "forbidden" && error.message === readOnlyKey) return false;
    if (error.code === "forbidden" || error.code === "invalid_input") return null;
    throw error;
  }
}

async function findRoles(
  { client, learned, places }: RallyParts,
  scope: ProjectScope,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | null> {
  try {
    learned.userId ??= (await client.fetchUser(signal)).ObjectID;
    return await places.rolesOf(scope, learned.userId, signal);
  } catch (error) {
    // A user who may not read roles may still have one.
    if (isPanopticonError(error) && unknown.includes(error.code)) return null;
    throw error;
  }
}

const unknown: readonly ErrorCode[] = ["forbidden", "not_found", "invalid_input", "invalid_response"];
