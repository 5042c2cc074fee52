import { PanopticonError } from "../../../domain/error.ts";
import { fieldOf } from "../../http/parse-body.ts";
import { idOf } from "../pull.ts";
import { anyOf, compare } from "../query.ts";
import type { RallyParts } from "../parts.ts";

/** The type paths of these items, which every write needs; unknown ones are looked up in one request. Throws `not_found`. */
export async function findPaths(
  { client, places, learned }: RallyParts,
  workspace: string,
  oids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const unknown = oids.filter((oid) => learned.typePaths.get(oid) === undefined);
  if (unknown.length > 0) {
    const types = await places.typesOf(workspace, signal);
    const { records } = await client.fetchPage(
      {
        path: "artifact",
        types: types.map(({ path }) => path),
        scope: { workspace, project: null },
        query: anyOf(unknown.map((oid) => compare("ObjectID", "=", Number(oid)))),
        fetch: ["ObjectID"],
        size: unknown.length,
      },
      signal,
    );
    for (const raw of records) {
      const oid = idOf(raw);
      const type = fieldOf(raw, "_type");
      if (oid !== null && typeof type === "string") learned.typePaths.set(oid, type.toLowerCase());
    }
  }
  const paths = oids.map((oid) => [oid, learned.typePaths.get(oid)] as const);
  const missing = paths.find(([, path]) => path === undefined);
  if (missing !== undefined) {
    throw new PanopticonError("not_found", `There is no item ${missing[0]} in Rally, or the key has no access to it.`, {
      tracker: "rally",
      hint: "It was deleted, or the key's user has no access to it.",
    });
  }
  return new Map(paths.flatMap(([oid, path]) => (path === undefined ? [] : [[oid, path] as const])));
}

/** `/defect/123` */
export async function findRef(
  parts: RallyParts,
  workspace: string,
  oid: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  return `/${(await findPaths(parts, workspace, [oid], signal)).get(oid) ?? ""}/${oid}`;
}
