import { overlay } from "../../domain/overlay.ts";
import type { Trx } from "../database/database.ts";
import { fromRecord } from "../mirror/native-record.ts";
import { findOpenChanges } from "./operation-row.ts";

/** The descriptions of issues as they are shown, by issue id: those of their stored records with the open operations applied. */
export async function readShownBodies(
  db: Trx,
  rows: readonly { readonly id: number; readonly record: string }[],
): Promise<ReadonlyMap<number, string>> {
  const open = await findOpenChanges(
    db,
    rows.map(({ id }) => id),
  );
  return new Map(rows.map(({ id, record }) => [id, overlay(fromRecord(record), open.get(id) ?? []).body]));
}
