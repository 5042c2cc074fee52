import { createHash } from "node:crypto";
import type { Cell, Entity } from "./entities.ts";

export const servicePath = "/slm/webservice/v2.0";

const version = { _rallyAPIMajor: "2", _rallyAPIMinor: "0" };

/** The attributes a request named in `fetch`; `all` if it said `true`. */
export type Fetch = ReadonlySet<string> | "all";

/** Without `fetch`, an object contains only its identity. */
export function readFetch(query: URLSearchParams): Fetch {
  const written = query.get("fetch");
  if (written === null || written === "" || written === "false") return new Set();
  if (written === "true") return "all";
  return new Set(written.split(",").map((name) => name.trim()));
}

/** Writes objects like the Web Services API: short references, with fetched attributes inside them too. */
export function createWire(origin: string) {
  const refOf = ({ type, oid }: Entity) => `${origin}${servicePath}/${type.path}/${oid}`;

  function write(entity: Entity, fetch: Fetch, depth = 0): Record<string, unknown> {
    const json: Record<string, unknown> = {
      ...version,
      _ref: refOf(entity),
      _refObjectUUID: uuidOf(entity),
      ...(depth === 0 ? { _objectVersion: String(entity.version) } : {}),
      _refObjectName: entity.name,
    };
    for (const name of fetch === "all" ? entity.type.attributes : fetch) {
      const cell = entity.cell(name);
      if (cell !== undefined) json[name] = writeCell(cell, entity, name, fetch, depth);
    }
    json["_type"] = entity.type.name;
    if (entity.malformed === "missing-field") delete json["Name"];
    if (entity.malformed === "wrong-type" && "LastUpdateDate" in json) json["LastUpdateDate"] = { at: 0 };
    return json;
  }

  function writeCell(cell: Cell, owner: Entity, name: string, fetch: Fetch, depth: number): unknown {
    switch (cell.kind) {
      case "plain":
      case "word":
        return cell.value;
      case "time":
        return cell.at === null ? null : new Date(cell.at).toISOString();
      case "reference":
        return cell.entity === null
          ? null
          : write(cell.entity, depth === 0 && fetch !== "all" ? fetch : new Set(), depth + 1);
      case "collection":
        return {
          ...version,
          _ref: `${origin}${servicePath}/${owner.type.name}/${owner.oid}/${name}`,
          _type: cell.type,
          ...(cell.type === "Tag"
            ? { _tagsNameArray: cell.entities().map((tag) => ({ Name: tag.name, _ref: `/tag/${tag.oid}` })) }
            : {}),
          Count: cell.count,
        };
    }
  }

  return { write, refOf, version };
}

export type Wire = ReturnType<typeof createWire>;

/** An object's UUID, which webhooks use. */
export function uuidOf({ type, oid }: Pick<Entity, "type" | "oid">): string {
  const hex = createHash("md5").update(`${type.name}/${oid}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
