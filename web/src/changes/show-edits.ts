import { cardKey } from "../board/data/board-data.ts";
import type { Edit } from "./change-group.ts";
import type { ChangeStore } from "./change-store.ts";

/** An edit with its id in the store. */
export type ShownEdit = readonly [id: number, edit: Edit];

/** Shows edits before the server has them. */
export function showEdits(store: ChangeStore, edits: readonly Edit[], nextId: () => number): readonly ShownEdit[] {
  const numbered = edits.map((edit): ShownEdit => [nextId(), edit]);
  const madeAt = new Date().toISOString();
  store.add(
    numbered.map(([id, { issue, shown, putAt = null }]) => ({
      id,
      key: cardKey(issue),
      before: issue,
      shown,
      madeAt,
      answer: null,
      answeredAt: null,
      putAt,
    })),
  );
  return numbered;
}
