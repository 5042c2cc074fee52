import { PanopticonError } from "../../domain/error.ts";
import type { Neighbour } from "../../store/ranks/ranks.ts";
import type { IssuePatch } from "../changes.ts";
import { nameField } from "../words/name-field.ts";
import type { Making, Parts } from "../parts.ts";
import { readText } from "../words/text-words.ts";

/** Resolves the neighbour in a patch's `rank`; null if the patch has none. */
export async function readNeighbour(patch: IssuePatch, { resolve }: Parts): Promise<Neighbour<number> | null> {
  const written: unknown = patch.rank;
  if (written === undefined) return null;
  return nameField("rank", async () => {
    const [side, ...more] = typeof written === "object" && written !== null ? Object.entries(written) : [];
    if (side === undefined || more.length > 0 || (side[0] !== "before" && side[0] !== "after")) {
      throw new PanopticonError("invalid_input", "A rank needs exactly one neighbor: before or after another issue.", {
        hint: 'Write {"before": "MIN-123"} or {"after": "MIN-123"}.',
      });
    }
    const { id } = await resolve(readText(side[1], "neighbour").trim());
    return side[0] === "before" ? { before: id } : { after: id };
  });
}

/** Places an issue in the manual order. `operation`: the operation queued by the same change. */
export async function placeIssue(
  { store, sync }: Parts,
  issueId: number,
  next: Neighbour<number>,
  operation: number | null,
  { author }: Pick<Making, "author">,
): Promise<void> {
  const change = await store.ranks.place(issueId, next, author, operation);
  if (change !== null) sync.changed({ change });
}
