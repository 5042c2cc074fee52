import { isPanopticonError, PanopticonError } from "../../../domain/error.ts";
import { foldName } from "../../../domain/fold-name.ts";
import type { Label, NativeIssue } from "../../../domain/issue.ts";
import { type LabelRef, newLabelName } from "../../../domain/operation.ts";
import type { Source } from "../../tracker.ts";
import { toLabel } from "../map.ts";
import { teamFilter, teamNotFound } from "../team.ts";
import type { LinearWriteClient } from "./write-client.ts";

/** Labels on their way to an issue: new ones are made on first use, and of a group there is one at most. */
export function createIssueLabels(client: LinearWriteClient) {
  /** Labels that were looked up or made by name, `source key/folded name` → id. */
  const byName = new Map<string, string>();
  const keyOf = (source: Source, name: string) => `${source.key}/${foldName(name)}`;

  return {
    /** The id of a label that was made here; undefined: not known. */
    idOf: (source: Source, name: string): string | undefined => byName.get(keyOf(source, name)),

    /**
     * The labels' ids. Those not yet there are looked for first, as somebody may have made them meanwhile, then made in the team: two requests for the first
     * use of a name, none for labels with ids. Throws Linear's refusal where members may not make labels.
     */
    async ensure(source: Source, labels: readonly LabelRef[], signal?: AbortSignal) {
      const made: Label[] = [];
      const names = labels.flatMap(({ id }) => newLabelName(id) ?? []);
      const found = names.length === 0 ? null : await client.findLabels(teamFilter(source), names, signal);
      const ids: string[] = [];
      for (const label of labels) {
        const name = newLabelName(label.id);
        if (name === null || found === null) {
          ids.push(label.id);
          continue;
        }
        const { team } = found;
        if (team === undefined) throw teamNotFound(source);
        const teams = [team.id, team.parent?.id, team.parent?.parent?.id, undefined];
        const known = found.labels.find(
          (one) => foldName(one.name) === foldName(name) && teams.includes(one.team?.id ?? undefined),
        );
        if (known?.isGroup) throw isGroup(known.name);
        const own = known ?? (await client.createLabel({ name, teamId: team.id }, signal));
        byName.set(keyOf(source, name), own.id);
        made.push(toLabel(own));
        ids.push(own.id);
      }
      return { ids, made };
    },

    /**
     * An issue's labels after a change that Linear refused because a label of the same group is on it: the new one takes its place, as
     * in Linear's own menu. Made of those that it has now: what somebody else has put on it since it was read stays. null: that was not the reason.
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
      // Two new ones of a group: which of them is meant is not ours to say.
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
