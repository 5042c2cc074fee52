import { PanopticonError } from "../../domain/error.ts";
import type { Trx } from "../database/database.ts";
import { findVisibleSources } from "../sources/source-record.ts";
import { readCards } from "./cards.ts";
import type { IssueCard } from "./issue-card.ts";

/** The card of one issue. Throws `not_found`. */
export async function readCard(db: Trx, id: number): Promise<IssueCard> {
  const [card] = await readCards(db, await findVisibleSources(db), [id]);
  return card ?? failMissing();
}

/** Throws `not_found`. */
export function failMissing(): never {
  throw new PanopticonError("not_found", "This issue is no longer in the mirror.", {
    hint: "It may have been deleted or moved in its tracker, or its source was removed from projects.yaml.",
  });
}
