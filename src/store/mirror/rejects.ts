import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { plainText } from "./native-record.ts";
import type { Page } from "./page.ts";

/** Stores raw records that did not parse, to count and inspect them. The newest of an issue replaces the former. */
export async function saveRejects(db: Trx, sourceId: number, rejected: Page["rejected"], now: number): Promise<void> {
  for (const record of rejected) {
    const raw = plainText(record.raw);
    await db
      .insertInto("rejected")
      .values({
        source_id: sourceId,
        // A record without an id is identified by its content.
        native_id: record.nativeId ?? `sha256:${createHash("sha256").update(raw).digest("hex")}`,
        raw,
        reason: plainText(record.reason),
        at: now,
      })
      .onConflict((conflict) =>
        conflict.columns(["source_id", "native_id"]).doUpdateSet({ raw, reason: plainText(record.reason), at: now }),
      )
      .execute();
  }
}

/** Removes the rejects of issues that parse now, or are gone. */
export async function forgetRejects(db: Trx, sourceId: number, nativeIds: readonly string[]): Promise<void> {
  if (nativeIds.length === 0) return;
  await sql`
    delete from rejected
    where source_id = ${sourceId} and native_id in ${db.dialect.list(nativeIds)}`.execute(db);
}
