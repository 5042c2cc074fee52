import { foldName } from "../../domain/fold-name.ts";
import type { LinkType } from "../../domain/operation.ts";

/** A type of link; `outward` is the phrase for the issue that a link leads from, `inward` for the one it leads to. */
export type IssueLinkType = {
  readonly id?: string | null | undefined;
  readonly name: string;
  readonly inward?: string | null | undefined;
  readonly outward?: string | null | undefined;
};

/** The meaning of a type of link, by the names and phrases that Jira ships with; administrators can change them. Any other type means relates. */
export function linkKindOf({ name, inward, outward }: IssueLinkType): "blocks" | "duplicates" | "relates" {
  const words = [name, outward ?? ""].map(foldName);
  const back = foldName(inward ?? "");
  if (words.includes("blocks") || back === "isblockedby") return "blocks";
  return words.includes("duplicate") || words.includes("duplicates") || back === "isduplicatedby"
    ? "duplicates"
    : "relates";
}

/** The type of link for a relation; undefined if there is none. For relates, the plainest one. */
export function findLinkType(types: readonly IssueLinkType[], relation: LinkType): IssueLinkType | undefined {
  const kind = relation === "blocked_by" ? "blocks" : relation;
  const fitting = types.filter((type) => linkKindOf(type) === kind);
  if (kind !== "relates") return fitting[0];
  const isPlain = ({ name, outward }: IssueLinkType) =>
    ["relates", "relatesto"].some((word) => [name, outward ?? ""].map(foldName).includes(word));
  return fitting.find(isPlain) ?? fitting.find(({ inward, outward }) => inward != null && inward === outward);
}
