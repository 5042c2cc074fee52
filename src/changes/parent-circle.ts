import { PanopticonError } from "../domain/error.ts";
import type { ChangeStore } from "./changes.ts";

type Options = {
  readonly store: Pick<ChangeStore, "board" | "links">;
  readonly resolve: (ref: string) => Promise<{ readonly id: number }>;
};

/** Throws `invalid_input` where an issue would lie below itself: its new parent lies below it already, in its own tracker or by links. */
export async function refuseCircle(
  child: { readonly id: number; readonly ref: string },
  parent: { readonly id: number; readonly ref: string },
  options: Options,
): Promise<void> {
  const seen = new Set<number>();
  const left = [parent.id];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (id === child.id) {
      throw new PanopticonError(
        "invalid_input",
        `${parent.ref} lies below ${child.ref} already: neither can be above the other then.`,
        { hint: `To turn them round, take ${parent.ref} out of there first: pan edit ${parent.ref} --parent none.` },
      );
    }
    if (seen.has(id)) continue;
    seen.add(id);
    left.push(...(await parentsOf(id, options)));
  }
}

async function parentsOf(id: number, { store, resolve }: Options): Promise<readonly number[]> {
  const links = await store.links.list(id);
  const linked = links.filter(({ type, origin }) => type === "parent" && origin === "made");
  const address = (await store.board.card(id)).parent?.address ?? null;
  const own = address === null ? [] : [(await resolve(address)).id];
  return [...linked.map(({ otherId }) => otherId), ...own];
}
