import { foldName } from "../../domain/fold-name.ts";
import type { LinkType } from "../../domain/operation.ts";

/** A kind of link; the issue that a link leads from is named by `outward`, the one that it leads to by `inward`. */
export type IssueLinkType = {
  readonly id?: string | null | undefined;
  readonly name: string;
  readonly inward?: string | null | undefined;
  readonly outward?: string | null | undefined;
};

/** What a kind of link means: by the names and words that Jira ships with, which administrators change; every other kind relates. */
export function linkKindOf({ name, inward, outward }: IssueLinkType): "blocks" | "duplicates" | "relates" {
  const words = [name, outward ?? ""].map(foldName);
  const back = foldName(inward ?? "");
  if (words.includes("blocks") || back === "isblockedby") return "blocks";
  return words.includes("duplicate") || words.includes("duplicates") || back === "isduplicatedby"
    ? "duplicates"
    : "relates";
}

/** The kind of link that makes a relation; undefined where there is none. Among those that relate the plain one. */
export function findLinkType(types: readonly IssueLinkType[], relation: LinkType): IssueLinkType | undefined {
  const kind = relation === "blocked_by" ? "blocks" : relation;
  const fitting = types.filter((type) => linkKindOf(type) === kind);
  if (kind !== "relates") return fitting[0];
  const isPlain = ({ name, outward }: IssueLinkType) =>
    ["relates", "relatesto"].some((word) => [name, outward ?? ""].map(foldName).includes(word));
  return fitting.find(isPlain) ?? fitting.find(({ inward, outward }) => inward != null && inward === outward);
}
