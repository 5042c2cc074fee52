import type { Person } from "../../domain/issue.ts";
import type { HttpClient } from "../http/http-client.ts";
import { fieldOf } from "../http/parse-body.ts";
import type { Source, TrackerConnection } from "../tracker.ts";
import { createRallyClient, type RallyClient, type Scope } from "./client.ts";
import { describeProject } from "./describe.ts";
import { stateFields } from "./fields.ts";
import { createLearned } from "./learned.ts";
import { addPerson, toComment, toSourceInfo } from "./map.ts";
import type { RallyParts } from "./parts.ts";
import { idOf, listsOf, pullArtifacts, windowStart } from "./pull.ts";
import { allOf, compare } from "./query.ts";
import { ArtifactState } from "./schema.ts";
import { readArtifact } from "./read-artifact.ts";
import { createPlaces, parseSetting, type Places } from "./scope.ts";
import { fromTheStart, walkArtifacts } from "./walk.ts";
import { createRallyWebhooks } from "./webhooks.ts";
import { createWriteClient } from "./write/write-client.ts";
import { createRallyWriter } from "./write/write.ts";
import { type ArtifactType, finishedCondition, isFinished } from "./workflow.ts";

export function connectRally(http: HttpClient): TrackerConnection {
  const client = createRallyClient(http);
  const places = createPlaces(client);
  const learned = createLearned();
  const writes = createWriteClient(http, client, learned);
  const parts: RallyParts = { client, writes, places, learned };

  return {
    async verify(signal) {
      const user = await client.fetchUser(signal);
      learned.userId = user.ObjectID;
      await checkPlace(client, places, signal);
      return {
        id: String(user.ObjectID),
        login: user.UserName || user.DisplayName || String(user.ObjectID),
        name: user.DisplayName || user.UserName || String(user.ObjectID),
        // Rally does not tell what a key may do; a refused write shows it.
        scopes: null,
        missing: [],
      };
    },

    async *sources(signal) {
      const own = places.workspace();
      const workspaces =
        own === null ? (await client.fetchWorkspaces(signal)).map((one) => String(one.ObjectID)) : [own];
      for (const workspace of workspaces) {
        for await (const page of client.fetchProjects(workspace, signal)) {
          for (const project of page) yield toSourceInfo(project, workspace, http.baseUrl);
        }
      }
    },

    describe: (source, overrides, signal) => describeProject(parts, source, overrides, signal),
    pull: (source, request) => pullArtifacts(parts, source, request),
    sweep: (source, signal) => sweep(parts, source, signal),
    read: (source, nativeId, _key, signal) => readArtifact(parts, source, nativeId, signal),

    async *comments(source, nativeId, _key, signal) {
      const { workspace } = await places.scopeOf(source, signal);
      for await (const page of client.fetchPosts(workspace, nativeId, signal)) {
        const people = new Map<string, Person>();
        for (const { User } of page) if (User) addPerson(people, User, http.baseUrl);
        yield { comments: page.map((post) => toComment(post, http.baseUrl)), seen: { people: [...people.values()] } };
      }
    },

    openFile: (url, signal) => http.openFile(url, { signal }),

    async countOutside(source, signal) {
      const from = windowStart(source, { startedAt: null }, client);
      if (from === null) return 0;
      const scope = await places.scopeOf(source, signal);
      const types = await places.typesOf(scope.workspace, signal);
      const counts = await Promise.all(types.map((type) => countFinished(client, scope, type, from, signal)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    webhooks: createRallyWebhooks(http, places),
    write: createRallyWriter(parts),
  };
}

/** Checks the configured workspace and project with the same kind of request as every list, to report problems early. */
async function checkPlace(client: RallyClient, places: Places, signal: AbortSignal | undefined): Promise<void> {
  const workspace = places.workspace();
  const written = client.settings["project"] ?? "";
  const own = client.settings["workspace"] ?? "";
  const project =
    (written === "" ? null : parseSetting(written, "project").project) ??
    (own === "" ? null : parseSetting(own, "workspace").project);
  if (workspace === null && project === null) return;
  const scope: Scope =
    project === null ? { workspace: workspace ?? "", project } : await places.scopeOf({ key: project }, signal);
  const query = compare("ObjectID", ">", 0);
  await client.fetchPage({ path: "hierarchicalrequirement", scope, query, fetch: ["ObjectID"], size: 1 }, signal);
}

async function countFinished(
  client: RallyClient,
  scope: Scope,
  type: ArtifactType,
  before: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const query = allOf([finishedCondition(type, true), compare("LastUpdateDate", "<", new Date(before))]);
  const page = await client.fetchPage({ path: type.path, scope, query, fetch: ["ObjectID"], size: 1 }, signal);
  return page.total;
}

/** Every id, with only the fields that tell what is outside the history window. */
async function* sweep({ client, places, learned }: RallyParts, source: Source, signal: AbortSignal) {
  const scope = await places.scopeOf(source, signal);
  const types = await places.typesOf(scope.workspace, signal);
  const from = windowStart(source, { startedAt: null }, client);
  const how = learned.statesTogether ? "together" : "by-type";
  for (const list of listsOf(types, { how, phase: "changed" })) {
    for await (const { records } of walkArtifacts(client, scope, list, {
      start: fromTheStart,
      fetch: stateFields,
      signal,
    })) {
      yield records.flatMap((raw) => {
        const nativeId = idOf(raw);
        if (nativeId === null) return [];
        const state = ArtifactState.safeParse(raw).data;
        // An unparsable artifact exists all the same.
        const isOutside =
          from !== null && state !== undefined && isFinished(state, types) && state.LastUpdateDate < from;
        return isOutside ? [] : [{ nativeId, key: keyOf(raw) }];
      });
    }
  }
}

function keyOf(raw: unknown): string {
  const key = fieldOf(raw, "FormattedID");
  return typeof key === "string" ? key : "";
}
