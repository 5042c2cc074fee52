import { isPanopticonError, PanopticonError } from "../../../domain/error.ts";
import { foldName } from "../../../domain/fold-name.ts";
import type { Label, NativeIssue } from "../../../domain/issue.ts";
import { type LabelRef, newLabelName } from "../../../domain/operation.ts";
import type { Source } from "../../tracker.ts";
import { toLabel } from "../map.ts";
import { teamFilter, teamNotFound } from "../team.ts";
import type { LinearWriteClient } from "./write-client.ts";

/** Resolves labels before they are added: creates new ones on first use, and keeps at most one of each group. */
export function createIssueLabels(client: LinearWriteClient) {
  /** Labels found or created by name: `source key/folded name` → id. */
  const byName = new Map<string, string>();
  const keyOf = (source: Source, name: string) => `${source.key}/${foldName(name)}`;

  /** The team, and a label with one of these names that its issues can have, by folded name. */
  async function find(source: Source, names: readonly string[], signal: AbortSignal | undefined) {
    const { team, labels } = await client.findLabels(teamFilter(source), names, signal);
    if (team === undefined) throw teamNotFound(source);
    const teams = [team.id, team.parent?.id, team.parent?.parent?.id, undefined];
    const usable = labels.filter((label) => teams.includes(label.team?.id ?? undefined));
    return { team, known: (name: string) => usable.find((label) => foldName(label.name) === foldName(name)) };
  }

  async function create(source: Source, name: string, teamId: string, signal: AbortSignal | undefined) {
    try {
      return await client.createLabel({ name, teamId }, signal);
    } catch (error) {
      // Another issue's change, or somebody else, may have created it since it was searched for.
      if (!isPanopticonError(error) || error.code !== "invalid_input") throw error;
      const now = (await find(source, [name], signal)).known(name);
      if (now === undefined) throw error;
      return now;
    }
  }

  return {
    /** The id of a label found or created here; undefined if unknown. */
    idOf: (source: Source, name: string): string | undefined => byName.get(keyOf(source, name)),

    /**
     * Returns the labels' ids. New labels are searched for first, because someone else may have created them, then created in the team: two requests for the
     * first use of a name, none for labels with ids. Throws Linear's refusal if members may not create labels.
     */
    async ensure(source: Source, labels: readonly LabelRef[], signal?: AbortSignal) {
      const made: Label[] = [];
      const names = labels.flatMap(({ id }) => newLabelName(id) ?? []);
      const found = names.length === 0 ? null : await find(source, names, signal);
      const ids: string[] = [];
      for (const label of labels) {
        const name = newLabelName(label.id);
        if (name === null || found === null) {
          ids.push(label.id);
          continue;
        }
        const own = found.known(name) ?? (await create(source, name, found.team.id, signal));
        if (own.isGroup) throw isGroup(own.name);
        byName.set(keyOf(source, name), own.id);
        made.push(toLabel(own));
        ids.push(own.id);
      }
      return { ids, made };
    },

    /**
     * The issue's labels after a change that Linear refused because a label of the same group is already set: the new one replaces it, as in Linear's own menu.
     * Starts from the current labels, so that concurrent additions survive. null: the refusal had another reason.
     */
    async exchange(
      refusal: unknown,
      issue: Pick<NativeIssue, "nativeId" | "labelIds">,
      change: { readonly added: readonly string[]; readonly removed: readonly string[] },
      signal?: AbortSignal,
    ): Promise<readonly string[] | null> {
      if (!isPanopticonError(refusal) || refusal.code !== "invalid_input") return null;
      if (!/same group|exclusive/i.test(refusal.message) || change.added.length === 0) return null;
      const asked = [...new Set([...issue.labelIds, ...change.added])];
      const { groups, present = issue.labelIds } = await client.findLabelGroups(asked, issue.nativeId, signal);
      const taken = change.added.flatMap((id) => groups.get(id) ?? []);
      // With two new labels of a group, it is unclear which one is meant.
      if (new Set(taken).size < taken.length) return null;
      const stays = (id: string) => {
        const group = groups.get(id);
        return !change.removed.includes(id) && (group === undefined || !taken.includes(group));
      };
      return [...new Set([...present.filter(stays), ...change.added])];
    },
  };
}

function isGroup(name: string): PanopticonError {
  return new PanopticonError("invalid_input", `"${name}" is a label group in Linear and cannot be added to an issue.`, {
    tracker: "linear",
    hint: "Use one of the labels in the group.",
  });
}
