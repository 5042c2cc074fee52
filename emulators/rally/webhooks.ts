import type { WebhookDialect } from "../server/webhooks.ts";
import type { Catalogue } from "./catalogue.ts";
import { projectUuid } from "./hook-routes.ts";
import type { RallyState } from "./state.ts";
import { uuidOf, type Wire } from "./wire.ts";

/**
 * Rally does not sign. A message contains an object's current attributes by their ids, and what changed. A comment is a change of the item's discussion.
 * https://rally1.rallydev.com/apps/pigeon/docs/webhooks
 */
export function createDialect(state: RallyState, catalogue: Catalogue, wire: Wire): WebhookDialect {
  const attribute = (name: string, value: unknown) => ({ type: "Attribute", name, display_name: name, value });
  return {
    retries: 0,
    patienceMs: 10_000,
    toMessage({ kind, before, after, sourceId }, hook, { at }) {
      const world = after ?? before;
      const artifact = state.artifacts.get(Number(world?.nativeId));
      if (world === null) return null;
      const entity = artifact === undefined ? null : catalogue.kinds[artifact.kind].of(artifact);
      const type = entity?.type.name.split("/").at(-1) ?? null;
      if (type !== null && hook.events.length > 0 && !hook.events.includes(type)) return null;
      const message = {
        transaction: { timestamp: at, trace_id: crypto.randomUUID() },
        object_id: entity === null ? world.nativeId : uuidOf(entity),
        object_type: type,
        action: kind === "created" ? "Created" : kind === "removed" ? "Recycled" : "Updated",
        project: { uuid: projectUuid(Number(sourceId)) },
        ref: entity === null ? null : wire.refOf(entity),
        state: {
          "06e0a5f7-1f1f-4c0b-8b9d-000000000001": attribute("ObjectID", Number(world.nativeId)),
          "06e0a5f7-1f1f-4c0b-8b9d-000000000002": attribute("FormattedID", world.key),
          "06e0a5f7-1f1f-4c0b-8b9d-000000000003": attribute("Name", world.title),
        },
        changes: kind === "commented" ? { "06e0a5f7-1f1f-4c0b-8b9d-000000000004": attribute("Discussion", null) } : {},
      };
      return {
        headers: { "User-Agent": "Rally-Pigeon" },
        body: JSON.stringify({ message, rule: { ObjectUUID: hook.id } }),
      };
    },
    toPing: () => null,
  };
}
