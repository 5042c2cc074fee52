import { type FieldChange, isScalarChange, type SetChange } from "../../domain/operation.ts";
import { labelsOfOthers } from "../../domain/outward.ts";
import { valueOf } from "../../domain/overlay.ts";
import type { Trx } from "../database/database.ts";
import type { Scene } from "./scene.ts";
import { readLabelNames, statusReader } from "./status-reader.ts";

type Place = Pick<Scene, "source" | "base">;

/** Rebases changes on the tracker's present values; what comes out stays in order, with a change of labels added at the end if a move needs one. */
export async function rebased(db: Trx, place: Place, fields: readonly FieldChange[]): Promise<readonly FieldChange[]> {
  const { source, base } = place;
  const read = await statusReader(db, source, base.labelIds);
  const changes = fields.map((change): FieldChange => {
    if (isScalarChange(change)) return { ...change, from: valueOf(base, change.field) };
    if (change.field === "custom") return { field: "custom", id: change.id, to: change.to };
    return change.field === "status" ? { ...change, from: read(base) ?? change.from } : change;
  });
  return leavingOthers(db, place, changes);
}

/** A move also removes the labels of the status that somebody else has moved the issue to meanwhile. */
async function leavingOthers(
  db: Trx,
  { source, base }: Place,
  fields: readonly FieldChange[],
): Promise<readonly FieldChange[]> {
  const { mapping, config } = source;
  const move = fields.find((change) => change.field === "status");
  // A shadowed project leaves the tracker's labels alone.
  if (move?.field !== "status" || mapping === null || config.shadow) return fields;
  const names = await readLabelNames(db, source, base.labelIds);
  const others = new Set(labelsOfOthers(mapping, [...names.values()], move.to));
  const labels: SetChange = fields.find((change): change is SetChange => change.field === "labels") ?? {
    field: "labels",
    add: [],
    remove: [],
  };
  const more = base.labelIds.filter(
    (id) => others.has(names.get(id) ?? "") && ![...labels.add, ...labels.remove].includes(id),
  );
  if (more.length === 0) return fields;
  const wider = { ...labels, remove: [...labels.remove, ...more] };
  const has = fields.includes(labels);
  return has ? fields.map((change) => (change === labels ? wider : change)) : [...fields, wider];
}
