import type { WireReply, WireRequest } from "../server/http-server.ts";
import { type Account, permissionsOf } from "./access.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Entity, EntityType } from "./entities.ts";
import { EvaluationError } from "./evaluate.ts";
import { listReply, type ListOptions } from "./list.ts";
import type { Artifact, ArtifactKind, Project, Workspace } from "./records.ts";
import { jsonReply, operationReply, queryReply } from "./replies.ts";
import { type RallyState, withDescendants } from "./state.ts";
import { readFetch, type Wire } from "./wire.ts";

export type RouteContext = {
  readonly state: RallyState;
  readonly catalogue: Catalogue;
  readonly wire: Wire;
  readonly account: Account;
  readonly largestPage: number;
};

type Scope = { readonly workspace: Workspace; readonly projects: ReadonlySet<Project> };

const cannotRead = "Cannot find object to read";

/** Handles a call below the service's address. `path`: `/defect`, `/project/123`, `/artifact/123/Discussion`. */
export function route(context: RouteContext, request: WireRequest, path: string): WireReply {
  const { type, parts } = splitPath(path);
  const [oid, collection, ...rest] = parts;
  if (rest.length > 0) return notThere(request);
  try {
    if (type === "user" && oid === undefined) {
      const own = context.catalogue.user.of(context.account.user);
      return jsonReply(200, { User: context.wire.write(own, readFetch(request.query)) });
    }
    if (oid === undefined) return list(context, request, type);
    const entity = find(context, type, Number(oid));
    if (entity === null) return operationReply([cannotRead]);
    if (collection === undefined) {
      const key = entity.type.name.split("/").at(-1) ?? "";
      return jsonReply(200, {
        [key]: context.wire.write(entity, request.query.has("fetch") ? readFetch(request.query) : "all"),
      });
    }
    const cell = entity.cell(collection);
    if (cell?.kind !== "collection")
      return operationReply([`Could not read: ${entity.type.name} has no collection ${collection}`]);
    const entities = cell.entities();
    return listReply(context.wire, request.query, {
      types:
        entities.length > 0 ? [...new Set(entities.map((one) => one.type))] : context.catalogue.typesNamed(cell.type),
      common: null,
      entities: () => ({ entities, isOrdered: !request.query.has("order") }),
      largestPage: context.largestPage,
    });
  } catch (error) {
    if (error instanceof EvaluationError) return queryReply({ errors: [error.message] });
    throw error;
  }
}

/** `/portfolioitem/feature/123/Tags` → `portfolioitem/feature` and the rest. */
export function splitPath(path: string): { readonly type: string; readonly parts: readonly string[] } {
  const [first = "", ...parts] = path.split("/").filter((part) => part !== "");
  const [second] = parts;
  const isPortfolio = first.toLowerCase() === "portfolioitem" && second !== undefined && !/^\d+$/.test(second);
  if (isPortfolio) return { type: `${first}/${second}`.toLowerCase(), parts: parts.slice(1) };
  return { type: first.toLowerCase(), parts };
}

/** The kind of artifact for a type in a path. */
export function findKind({ kinds }: Catalogue, type: string): ArtifactKind | null {
  return (Object.keys(kinds) as ArtifactKind[]).find((kind) => kinds[kind].type.path === type) ?? null;
}

export function notThere({ path }: WireRequest): WireReply {
  return {
    status: 404,
    headers: { "Content-Type": "text/html" },
    body: `<html><body>Not Found: ${path}</body></html>`,
  };
}

function find({ state, catalogue, account }: RouteContext, type: string, oid: number): Entity | null {
  const artifact = state.artifacts.get(oid);
  if (artifact !== undefined) {
    const entity = catalogue.artifact(artifact);
    return (type === "artifact" || entity.type.path === type) && account.sees(artifact.project) ? entity : null;
  }
  if (type === "project") {
    const project = state.projects.find((one) => one.oid === oid);
    return project !== undefined && account.sees(project) ? catalogue.project.of(project) : null;
  }
  if (type === "workspace") {
    const workspace = state.workspaces.find((one) => one.oid === oid);
    return workspace !== undefined && account.sees(workspace) ? catalogue.workspace.of(workspace) : null;
  }
  if (type === "typedefinition") {
    const record = catalogue.typeRecords.find((one) => one.oid === oid);
    return record === undefined ? null : catalogue.typeDefinition.of(record);
  }
  if (type === "attributedefinition") {
    const record = catalogue.typeRecords.flatMap((one) => one.attributes).find((one) => one.oid === oid);
    return record === undefined ? null : catalogue.attributeDefinition.of(record);
  }
  return null;
}

function list(context: RouteContext, request: WireRequest, type: string): WireReply {
  const { state, catalogue, account, largestPage, wire } = context;
  const reply = (types: readonly EntityType[], entities: Iterable<Entity>) =>
    listReply(wire, request.query, {
      types,
      common: null,
      entities: () => ({ entities, isOrdered: false }),
      largestPage,
    });
  if (type === "workspace") {
    return reply([catalogue.workspace.type], state.workspaces.filter(account.sees).map(catalogue.workspace.of));
  }
  const scope = readScope(context, request.query);
  const inScope = <T extends { readonly project: Project }>(records: readonly T[]) =>
    records.filter(({ project }) => scope.projects.has(project));
  const projects = state.projects.filter((one) => one.workspace === scope.workspace && account.sees(one));
  switch (type) {
    case "project":
      return reply([catalogue.project.type], projects.map(catalogue.project.of));
    case "tag":
      return reply(
        [catalogue.tag.type],
        state.tags.filter(({ workspace }) => workspace === scope.workspace).map(catalogue.tag.of),
      );
    case "flowstate":
      return reply(
        [catalogue.flowState.type],
        inScope(projects.flatMap((one) => one.flowStates)).map(catalogue.flowState.of),
      );
    case "iteration":
      return reply(
        [catalogue.iteration.type],
        inScope(projects.flatMap((one) => one.iterations)).map(catalogue.iteration.of),
      );
    case "release":
      return reply(
        [catalogue.release.type],
        inScope(projects.flatMap((one) => one.releases)).map(catalogue.release.of),
      );
    case "state":
      return reply([catalogue.portfolioState.type], state.portfolioStates.map(catalogue.portfolioState.of));
    case "typedefinition":
      return reply([catalogue.typeDefinition.type], catalogue.typeRecords.map(catalogue.typeDefinition.of));
    case "projectpermission": {
      const seen = permissionsOf(state).filter(({ project }) => projects.includes(project));
      return reply([catalogue.projectPermission.type], seen.map(catalogue.projectPermission.of));
    }
    case "recyclebinentry":
      return reply([catalogue.recycleBinEntry.type], inScope(state.recycleBin).map(catalogue.recycleBinEntry.of));
    default:
      return listArtifacts(context, request, type, scope);
  }
}

function listArtifacts(context: RouteContext, request: WireRequest, type: string, scope: Scope): WireReply {
  const { state, catalogue, wire, largestPage } = context;
  const kinds = Object.values(catalogue.kinds);
  const isCommon = type === "artifact";
  const asked = isCommon ? (request.query.get("types")?.toLowerCase().split(",") ?? null) : [type];
  const unknown = asked?.find((path) => !kinds.some((kind) => kind.type.path === path.trim()));
  if (unknown !== undefined) {
    if (!isCommon) return notThere(request);
    throw new EvaluationError(`Could not read: Unknown type "${unknown}"`);
  }
  const types = kinds.map((kind) => kind.type).filter(({ path }) => asked === null || asked.includes(path));
  const wanted = new Set(types);
  const options: ListOptions = {
    types,
    common: isCommon ? catalogue.commonAttributes : null,
    largestPage,
    entities: (order) => {
      const isByUpdate = /^LastUpdateDate(\s+ASC)?(,\s*ObjectID(\s+ASC)?)?$/i.test(order ?? "");
      const index = isByUpdate ? state.all.byUpdate : state.all.byCreation;
      return { entities: entitiesOf(index.items), isOrdered: isByUpdate };
    },
  };
  function* entitiesOf(records: readonly Artifact[]): Iterable<Entity> {
    for (const record of records) {
      if (!scope.projects.has(record.project)) continue;
      const entity = catalogue.artifact(record);
      if (wanted.has(entity.type)) yield entity;
    }
  }
  return listReply(wire, request.query, options);
}

/** Without `workspace` the user's default one applies, without `project` all its projects, silently. */
function readScope({ state, account }: RouteContext, query: URLSearchParams): Scope {
  const workspaceOid = readOid(query.get("workspace"), "workspace");
  const workspace =
    workspaceOid === null ? account.user.defaultWorkspace : state.workspaces.find(({ oid }) => oid === workspaceOid);
  if (workspace === undefined || !account.sees(workspace)) {
    throw new EvaluationError(`Could not read: ${cannotRead}: /workspace/${workspaceOid}`);
  }
  const projectOid = readOid(query.get("project"), "project");
  const visible = state.projects.filter((one) => one.workspace === workspace && account.sees(one));
  if (projectOid === null) return { workspace, projects: new Set(visible) };
  const project = visible.find(({ oid }) => oid === projectOid);
  if (project === undefined) throw new EvaluationError(`Could not read: ${cannotRead}: /project/${projectOid}`);
  // Both directions are on by default.
  const isOn = (name: string) => query.get(name)?.toLowerCase() !== "false";
  const projects = isOn("projectScopeDown") ? withDescendants(project) : new Set([project]);
  if (isOn("projectScopeUp")) for (let up = project.parent; up !== null; up = up.parent) projects.add(up);
  return { workspace, projects: new Set([...projects].filter((one) => account.sees(one))) };
}

function readOid(text: string | null, kind: "workspace" | "project"): number | null {
  if (text === null || text === "" || text === "null") return null;
  const oid = new RegExp(`(?:^|/)${kind}/(\\d+)(?:\\.js)?$`, "i").exec(text)?.[1];
  if (oid === undefined) throw new EvaluationError(`Could not read: "${text}" is not a reference to a ${kind}`);
  return Number(oid);
}
