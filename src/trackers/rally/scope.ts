import { PanopticonError } from "../../domain/error.ts";
import type { Source } from "../tracker.ts";
import { type Attribute, fetchAttributes } from "./attributes.ts";
import type { RallyClient, Scope } from "./client.ts";
import { parsePlace } from "./place.ts";
import { oidOf } from "./schema.ts";
import { createShareWords } from "./share-words.ts";
import { type ArtifactType, toArtifactTypes } from "./workflow.ts";

/** Where a source's artifacts are. */
export type ProjectScope = Scope & { readonly project: string };

/** What every list of a workspace depends on. Cached for the connection, so that a poll is one request. */
export type Places = {
  scopeOf(source: Pick<Source, "key">, signal?: AbortSignal): Promise<ProjectScope>;
  /** Artifact types, including the workspace's own portfolio item types. */
  typesOf(workspace: string, signal?: AbortSignal): Promise<readonly ArtifactType[]>;
  /** The types as they are now; this and the other ones for a project are shared with others of its workspace, see `ShareWords`. */
  refreshTypes(scope: ProjectScope, signal?: AbortSignal): Promise<readonly ArtifactType[]>;
  /** The attributes of a type's items. */
  attributesOf(workspace: string, type: ArtifactType, signal?: AbortSignal): Promise<readonly Attribute[]>;
  /** The attributes as they are now, with the allowed values of the named ones. */
  refreshAttributes(
    scope: ProjectScope,
    type: ArtifactType,
    named: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly Attribute[]>;
  /** The current tags. */
  tagsOf(scope: ProjectScope, signal?: AbortSignal): ReturnType<RallyClient["fetchTags"]>;
  /** The names of a user's roles in a project. */
  rolesOf(scope: ProjectScope, user: number, signal?: AbortSignal): Promise<readonly string[]>;
  /** The workspace configured for the connection; null if there is none. Throws `invalid_input`. */
  readonly workspace: () => string | null;
};

/** For reads that are not for one project. */
const noProject = "";

export function createPlaces(client: RallyClient): Places {
  const workspaces = new Map<string, string>();
  const types = new Map<string, readonly ArtifactType[]>();
  const attributes = new Map<string, readonly Attribute[]>();
  // Shared, because many projects of a workspace are described one after the other.
  const share = createShareWords(client.serverNow);

  function setWorkspace(): string | null {
    const { workspace = "", project = "" } = client.settings;
    const own = workspace === "" ? null : parseSetting(workspace, "workspace");
    const other = project === "" ? null : parseSetting(project, "project");
    return own?.workspace ?? other?.workspace ?? null;
  }

  /** The workspace of a project that is configured without one. */
  async function findWorkspace(project: string, signal: AbortSignal | undefined): Promise<string> {
    const known = workspaces.get(project) ?? setWorkspace();
    if (known !== null) return known;
    const found = (await client.fetchProject(project, signal)).Workspace;
    if (!found) {
      throw new PanopticonError("invalid_response", `Rally does not say which workspace project ${project} is in.`, {
        tracker: "rally",
        hint: "Set rally_workspace in projects.yaml, or RALLY_WORKSPACE.",
      });
    }
    const workspace = oidOf(found._ref);
    workspaces.set(project, workspace);
    return workspace;
  }

  async function fetchTypes(workspace: string, signal?: AbortSignal): Promise<readonly ArtifactType[]> {
    const [definitions, states] = await Promise.all([
      client.fetchTypes(workspace, signal),
      client.fetchPortfolioStates(workspace, signal),
    ]);
    return toArtifactTypes(definitions, states);
  }

  async function readTypes(workspace: string, project: string, signal?: AbortSignal): Promise<readonly ArtifactType[]> {
    const found = await share(`types ${workspace}`, project, (own) => fetchTypes(workspace, own), signal);
    types.set(workspace, found);
    return found;
  }

  async function readAttributes(
    { workspace, project }: ProjectScope,
    type: ArtifactType,
    named: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly Attribute[]> {
    const key = `${workspace}/${type.oid}`;
    const fetch = (own?: AbortSignal) => fetchAttributes(client, workspace, type, named, own);
    const found = await share(`attributes ${key} ${named.join(" ")}`, project, fetch, signal);
    attributes.set(key, found);
    return found;
  }

  return {
    async scopeOf({ key }, signal) {
      const place = parsePlace(key, "project");
      if (place?.project == null) {
        throw new PanopticonError(
          "not_found",
          `There is no project "${key}" in Rally: projects are identified by number.`,
          {
            tracker: "rally",
            hint: "Open the project in Rally, and copy its number or the whole address from the browser.",
          },
        );
      }
      return { workspace: place.workspace ?? (await findWorkspace(place.project, signal)), project: place.project };
    },
    typesOf: async (workspace, signal) => types.get(workspace) ?? readTypes(workspace, noProject, signal),
    refreshTypes: ({ workspace, project }, signal) => readTypes(workspace, project, signal),
    attributesOf: async (workspace, type, signal) =>
      attributes.get(`${workspace}/${type.oid}`) ?? readAttributes({ workspace, project: noProject }, type, [], signal),
    refreshAttributes: readAttributes,
    tagsOf: ({ workspace, project }, signal) =>
      share(`tags ${workspace}`, project, (own) => client.fetchTags(workspace, own), signal),
    async rolesOf({ workspace, project }, user, signal) {
      const fetch = (own?: AbortSignal) => client.fetchRoles(workspace, user, own);
      const roles = await share(`roles ${workspace} ${user}`, project, fetch, signal);
      return roles.flatMap(({ Role, Project }) => (Role && Project && oidOf(Project._ref) === project ? [Role] : []));
    },
    workspace: setWorkspace,
  };
}

/** Parses a setting. Throws `invalid_input` if it is not a workspace or project. */
export function parseSetting(text: string, kind: "workspace" | "project") {
  const place = parsePlace(text, kind);
  if (place !== null) return place;
  throw new PanopticonError("invalid_input", `"${text}" is not a ${kind} in Rally.`, {
    tracker: "rally",
    hint: `Set RALLY_${kind.toUpperCase()} to its number, to /${kind}/12345, or to the address in the browser when it is open.`,
  });
}
