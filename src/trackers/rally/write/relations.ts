import { isPanopticonError, PanopticonError } from "../../../domain/error.ts";
import type { IssueAddress, LinkType, RelationChange } from "../../../domain/operation.ts";
import { beforehand } from "../../beforehand.ts";
import { findPaths } from "./item-paths.ts";
import { relationCollections, type RelationCollection } from "../map.ts";
import { oidOf } from "../schema.ts";
import type { RallyParts } from "../parts.ts";

/** Which types have each collection. */
const owners: Readonly<Record<RelationCollection, RegExp>> = {
  Predecessors: /^(?:hierarchicalrequirement$|portfolioitem\/)/,
  Successors: /^(?:hierarchicalrequirement$|portfolioitem\/)/,
  Duplicates: /^defect$/,
};

function collectionOf(type: LinkType): RelationCollection | null {
  const names: readonly RelationCollection[] = ["Predecessors", "Successors", "Duplicates"];
  return names.find((name) => relationCollections[name] === type) ?? null;
}

/**
 * Adds an item to another one's collection, or removes it; succeeds if nothing has to be changed. Throws `unsupported` for relations that Rally does not have.
 */
export async function changeRelation(
  parts: RallyParts,
  workspace: string,
  change: { readonly issue: IssueAddress; readonly relation: RelationChange; readonly action: "add" | "remove" },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { issue, relation, action } = change;
  const { target, type } = relation;
  const collection = collectionOf(type);
  if (collection === null) throw unsupported(`Rally has no relation "${type}" between items.`);
  const paths = await beforehand(() => findPaths(parts, workspace, [issue.nativeId, target.nativeId], signal));
  const [own = "", other = ""] = [paths.get(issue.nativeId), paths.get(target.nativeId)];
  if (!owners[collection].test(own) || own !== other) {
    throw unsupported(`Rally does not relate ${issue.key} with ${target.key} as "${type}".`);
  }
  const item = { type: own, oid: issue.nativeId, workspace };
  try {
    await parts.writes.changeCollection(item, collection, action, [`/${other}/${target.nativeId}`], signal);
  } catch (error) {
    // Whether Rally refuses a change that was already made is not documented.
    if (!isPanopticonError(error) || (error.code !== "invalid_input" && error.code !== "not_found")) throw error;
    const related = await parts.client.fetchRelated(workspace, issue.nativeId, collection, signal);
    if (related.some(({ _ref }) => oidOf(_ref) === target.nativeId) !== (action === "add")) throw error;
  }
}

function unsupported(message: string): PanopticonError {
  return new PanopticonError("unsupported", message, {
    tracker: "rally",
    hint: "Rally supports predecessors between stories and between portfolio items of the same level, and duplicates between defects.",
  });
}
