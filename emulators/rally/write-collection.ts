import type { WireReply, WireRequest } from "../server/http-server.ts";
import { attributesOf } from "./attributes.ts";
import type { Entity } from "./entities.ts";
import type { Artifact } from "./records.ts";
import { operationReply, writeReply } from "./replies.ts";
import { changeArtifact } from "./state.ts";
import { readFetch } from "./wire.ts";
import { parseJson, type WriteRouteContext } from "./write-request.ts";
import { readReference, WriteError } from "./write-values.ts";

type Action = "add" | "remove";

/**
 * `POST /defect/123/Tags/add` and `/remove` with `{"CollectionItems": [{"_ref": "/tag/7"}]}`, as Rally's own toolkits send them. Adding existing members and
 * removing missing ones does nothing.
 */
export function changeCollection(
  context: WriteRouteContext,
  artifact: Artifact,
  name: string,
  action: Action,
  request: WireRequest,
): WireReply {
  const { state, catalogue, account, wire } = context;
  const type = catalogue.kinds[artifact.kind].type.name;
  const attribute = attributesOf[artifact.kind].find((one) => one.name === name && one.type === "COLLECTION");
  if (attribute === undefined || attribute.isReadOnly) {
    throw new WriteError(`Could not read: ${type} has no collection ${name} that can be changed`);
  }
  if (!account.edits(artifact.project)) return operationReply([`Not authorized to update: ${type}`]);
  const { CollectionItems: items } = parseJson(request.body);
  if (!Array.isArray(items)) throw new WriteError("Could not parse: CollectionItems should be an array");
  const references = items.map(readReference);
  const members: Entity[] = [];
  const changes: (() => void)[] = [];
  for (const { type: named, oid } of references) {
    if (name === "Tags") {
      const tag = state.tags.find((one) => one.oid === oid && one.workspace === artifact.project.workspace);
      if (named !== "tag" || tag === undefined) throw new WriteError(`Could not read: Could not read ${named} ${oid}`);
      members.push(catalogue.tag.of(tag));
      changes.push(() => (artifact.tags = put(artifact.tags, tag, action)));
      continue;
    }
    const other = state.artifacts.get(oid);
    if (other === undefined || !account.sees(other.project) || catalogue.kinds[other.kind].type.name !== attribute.of) {
      throw new WriteError(`Could not read: Could not read ${named} ${oid}`);
    }
    if (other === artifact) throw new WriteError(`Validation error: ${type}.${name} cannot contain itself`);
    members.push(catalogue.artifact(other));
    changes.push(() => link(artifact, name, other, action));
  }
  const before = membersOf(artifact);
  for (const change of changes) change();
  if (membersOf(artifact) !== before) changeArtifact(state, artifact, state.now(), () => undefined);
  return writeReply("OperationResult", {
    more: { Results: members.map((entity) => wire.write(entity, readFetch(request.query))) },
  });
}

function membersOf({ tags, predecessors, successors, duplicates }: Artifact): string {
  return [tags, predecessors, successors, duplicates].map((list) => list.map(({ oid }) => oid).join(" ")).join("|");
}

function link(artifact: Artifact, name: string, other: Artifact, action: Action): void {
  if (name === "Predecessors") {
    replace(artifact.predecessors, put(artifact.predecessors, other, action));
    replace(other.successors, put(other.successors, artifact, action));
  } else if (name === "Successors") {
    replace(artifact.successors, put(artifact.successors, other, action));
    replace(other.predecessors, put(other.predecessors, artifact, action));
  } else replace(artifact.duplicates, put(artifact.duplicates, other, action));
}

function put<T>(list: readonly T[], item: T, action: Action): T[] {
  const others = list.filter((one) => one !== item);
  return action === "remove" ? others : list.includes(item) ? [...list] : [...others, item];
}

function replace<T>(list: T[], members: readonly T[]): void {
  list.splice(0, list.length, ...members);
}
