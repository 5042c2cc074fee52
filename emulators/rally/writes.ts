import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Artifact, ArtifactKind, Project } from "./records.ts";
import { operationReply, writeReply } from "./replies.ts";
import { findKind, notThere, splitPath } from "./routes.ts";
import { changeArtifact, emptyArtifact, insertArtifact } from "./state.ts";
import { readFetch } from "./wire.ts";
import { applyAttributes } from "./write-artifact.ts";
import { changeCollection } from "./write-collection.ts";
import { createPost, deletePost, updatePost } from "./write-posts.ts";
import { readElement, type WriteRouteContext } from "./write-request.ts";
import { createTag } from "./write-tag.ts";
import { readReference, WriteError } from "./write-values.ts";

/** Handles writes: `POST /defect/create`, `/defect/123`, `/defect/123/Tags/add`, `DELETE /conversationpost/123`. */
export function routeWrite(context: WriteRouteContext, request: WireRequest, path: string): WireReply {
  const { type, parts } = splitPath(path);
  const kind = findKind(context.catalogue, type);
  const [first, collection, action] = parts;
  try {
    if (request.method === "DELETE") {
      return type === "conversationpost" && first !== undefined && collection === undefined
        ? deletePost(context, Number(first))
        : notThere(request);
    }
    if (request.method !== "POST" && request.method !== "PUT") return notThere(request);
    if (first === "create" && collection === undefined) {
      if (type === "conversationpost") return createPost(context, readElement(request, type), request);
      if (type === "tag") return createTag(context, readElement(request, type), request);
      return kind === null ? notThere(request) : createArtifact(context, kind, request, type);
    }
    const oid = Number(first);
    if (collection === undefined) {
      if (type === "conversationpost") return updatePost(context, oid, readElement(request, type), request);
      return kind === null ? notThere(request) : updateArtifact(context, kind, oid, request, type);
    }
    if (kind === null || (action !== "add" && action !== "remove") || parts.length > 3) return notThere(request);
    return changeCollection(context, find(context, kind, oid), collection, action, request);
  } catch (error) {
    if (error instanceof WriteError) {
      return first === "create"
        ? writeReply("CreateResult", { errors: [error.message] })
        : operationReply([error.message]);
    }
    throw error;
  }
}

function createArtifact(context: WriteRouteContext, kind: ArtifactKind, request: WireRequest, type: string): WireReply {
  const { state, catalogue, account } = context;
  const { element, fields } = readElement(request, type);
  const { name } = catalogue.kinds[kind].type;
  const place = findPlace(context, kind, fields);
  if (place !== null && !account.edits(place)) {
    return writeReply("CreateResult", { errors: [`Not authorized to create: ${name}`] });
  }
  const somewhere = place ?? state.projects[0];
  if (somewhere === undefined) throw new Error("The seed has no project.");
  const draft = emptyArtifact(state, kind, somewhere, { at: state.now(), by: account.user });
  const { errors, warnings } = applyAttributes(context, draft, fields, { element, type: name, isNew: true });
  if (errors.length > 0) return writeReply("CreateResult", { errors, warnings });
  const made: Artifact = { ...draft, formattedId: state.nextFormattedId(kind) };
  insertArtifact(state, made);
  return writeReply("CreateResult", { warnings, more: { Object: objectOf(context, made, request) } });
}

/** The project of a new artifact: for a task, that of its work product. */
function findPlace(
  { state, account }: WriteRouteContext,
  kind: ArtifactKind,
  fields: Readonly<Record<string, unknown>>,
): Project | null {
  const written = fields[kind === "task" ? "WorkProduct" : "Project"];
  if (written === undefined || written === null) return null;
  const { oid } = readReference(written);
  const found = kind === "task" ? state.artifacts.get(oid)?.project : state.projects.find((one) => one.oid === oid);
  return found !== undefined && account.sees(found) ? found : null;
}

function updateArtifact(
  context: WriteRouteContext,
  kind: ArtifactKind,
  oid: number,
  request: WireRequest,
  type: string,
): WireReply {
  const { state, catalogue, account } = context;
  const artifact = find(context, kind, oid);
  const { element, fields } = readElement(request, type);
  const { name } = catalogue.kinds[kind].type;
  if (!account.edits(artifact.project)) return operationReply([`Not authorized to update: ${name}`]);
  const draft: Artifact = { ...artifact, tags: [...artifact.tags], own: new Map(artifact.own) };
  const { errors, warnings } = applyAttributes(context, draft, fields, { element, type: name, isNew: false });
  if (errors.length > 0) return writeReply("OperationResult", { errors, warnings });
  // A change without effect makes no revision.
  if (differs(artifact, draft)) changeArtifact(state, artifact, state.now(), (one) => Object.assign(one, draft));
  return writeReply("OperationResult", { warnings, more: { Object: objectOf(context, artifact, request) } });
}

function differs(before: Artifact, after: Artifact): boolean {
  return (Object.keys(after) as (keyof Artifact)[]).some((key) => {
    const [a, b] = [before[key], after[key]];
    if (a instanceof Map && b instanceof Map)
      return a.size !== b.size || [...a].some(([name, value]) => b.get(name) !== value);
    if (Array.isArray(a) && Array.isArray(b))
      return a.length !== b.length || a.some((item, index) => item !== b[index]);
    return key !== "description" && key !== "isHtml" && a !== b;
  });
}

function find({ state, account, catalogue }: WriteRouteContext, kind: ArtifactKind, oid: number): Artifact {
  const artifact = state.artifacts.get(oid);
  if (artifact === undefined || artifact.kind !== kind || !account.sees(artifact.project)) {
    // https://knowledge.broadcom.com/external/article/199512
    throw new WriteError(`Could not read: Could not read ${catalogue.kinds[kind].type.name} ${oid} to update.`);
  }
  return artifact;
}

function objectOf({ wire, catalogue }: WriteRouteContext, artifact: Artifact, request: WireRequest): unknown {
  return wire.write(catalogue.artifact(artifact), request.query.has("fetch") ? readFetch(request.query) : "all");
}
