import { isPanopticonError } from "../../domain/error.ts";
import type { NativeRelation } from "../../domain/issue.ts";
import { fieldOf, parseBody } from "../http/parse-body.ts";
import type { ReadResult, Source } from "../tracker.ts";
import type { ListPage, RallyClient, Scope } from "./client.ts";
import { artifactFields } from "./fields.ts";
import { learnArtifacts } from "./learned.ts";
import {
  collectionsWithRelations,
  type RelationCollection,
  relationCollections,
  toAttachment,
  toIssue,
  toNamedIssue,
  toSeen,
} from "./map.ts";
import type { RallyParts } from "./parts.ts";
import { compare } from "./query.ts";
import { Artifact, oidOf, type Relative } from "./schema.ts";
import { type ArtifactType, hasState } from "./workflow.ts";

/**
 * Reads one artifact and tells whether it still exists. Rally answers the same for deleted and for invisible artifacts, so it is searched for in the project,
 * then in the whole workspace; if the project is readable, an absent one is gone, because the recycle bin belongs to no project.
 */
export async function readArtifact(
  { client, places, learned }: RallyParts,
  source: Source,
  nativeId: string,
  signal: AbortSignal | undefined,
): Promise<ReadResult> {
  const scope = await places.scopeOf(source, signal);
  const types = await places.typesOf(scope.workspace, signal);
  const inside = await find(client, scope, nativeId, types, signal).catch((error: unknown) => {
    if (isPanopticonError(error) && (error.code === "not_found" || error.code === "forbidden")) return null;
    throw error;
  });
  if (inside === null) return { kind: "forbidden" };
  const [raw] = inside.records;
  if (raw === undefined) {
    const anywhere = await find(client, { ...scope, project: null }, nativeId, types, signal);
    const [other] = anywhere.records;
    if (other === undefined) return { kind: "gone" };
    return { kind: "moved", url: toIssue(parseArtifact(other), { server: client.baseUrl, types }).url };
  }
  const artifact = parseArtifact(raw);
  learnArtifacts(learned, scope.workspace, [artifact]);
  const issue = toIssue(artifact, { server: client.baseUrl, types });
  const listed =
    issue.attachments ??
    (await client.fetchAttachments(scope.workspace, nativeId, signal)).map((one) => toAttachment(one, client.baseUrl));
  const related = await fetchRelated(client, scope, artifact, signal);
  const seen = toSeen([artifact], client.baseUrl);
  const others = related.map(({ other }) => toNamedIssue(other, client.baseUrl)).filter((one) => one !== null);
  return {
    kind: "issue",
    issue: { ...issue, relations: related.map(toRelation), attachments: listed },
    seen: { ...seen, named: [...(seen.named ?? []), ...others] },
    requestedAt: inside.requestedAt,
  };
}

async function find(
  client: RallyClient,
  scope: Scope,
  nativeId: string,
  types: readonly ArtifactType[],
  signal: AbortSignal | undefined,
): Promise<ListPage> {
  const ask = (path: string, paths?: readonly string[]) =>
    client.fetchPage(
      {
        path,
        ...(paths === undefined ? {} : { types: paths }),
        scope,
        query: compare("ObjectID", "=", Number(nativeId)),
        fetch: artifactFields,
        size: 1,
      },
      signal,
    );
  const page = await ask(
    "artifact",
    types.map(({ path }) => path),
  );
  const [raw] = page.records;
  if (typeof raw !== "object" || raw === null || hasState({ ...raw })) return page;
  return ask(String(fieldOf(raw, "_type")).toLowerCase());
}

export function parseArtifact(raw: unknown): Artifact {
  return parseBody(Artifact, raw, { tracker: "rally", what: "artifact" });
}

type Related = { readonly collection: RelationCollection; readonly other: Relative };

async function fetchRelated(
  client: RallyClient,
  { workspace }: Scope,
  artifact: Artifact,
  signal: AbortSignal | undefined,
): Promise<readonly Related[]> {
  const related = await Promise.all(
    collectionsWithRelations(artifact).map(async (collection) => {
      const others = await client.fetchRelated(workspace, String(artifact.ObjectID), collection, signal);
      return others.map((other): Related => ({ collection, other }));
    }),
  );
  return related.flat();
}

function toRelation({ collection, other }: Related): NativeRelation {
  const targetId = oidOf(other._ref);
  return { id: `${collection}:${targetId}`, type: relationCollections[collection], targetId };
}
