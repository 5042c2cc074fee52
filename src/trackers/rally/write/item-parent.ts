import { PanopticonError } from "../../../domain/error.ts";
import { findPaths } from "./item-paths.ts";
import type { Kind } from "../workflow.ts";
import type { RallyParts } from "../parts.ts";

/** The attribute for a parent, by the parent's type: a story is below a story or a portfolio item, never both. */
function attributeFor(kind: Kind, parentPath: string): string | null {
  const isStory = parentPath === "hierarchicalrequirement";
  const isPortfolio = parentPath.startsWith("portfolioitem/");
  switch (kind) {
    case "story":
      return isStory ? "Parent" : isPortfolio ? "PortfolioItem" : null;
    case "defect":
      return isStory ? "Requirement" : isPortfolio ? "PortfolioItem" : null;
    case "task":
      return isStory || parentPath === "defect" ? "WorkProduct" : null;
    case "portfolio":
      return isPortfolio ? "Parent" : null;
  }
}

/**
 * The attributes that move an item below another one. If the present parent is in another attribute, that is cleared in the same request (Rally refuses both at
 * once, https://knowledge.broadcom.com/external/article/126310). Throws `unsupported` for combinations that Rally does not allow.
 */
export async function toParentAttributes(
  parts: RallyParts,
  workspace: string,
  item: { readonly kind: Kind; readonly present: string | null },
  wanted: string | null,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const { kind, present } = item;
  const oids = [present, wanted].filter((oid) => oid !== null);
  const paths = await findPaths(parts, workspace, oids, signal);
  const attributeOf = (oid: string | null) => (oid === null ? null : attributeFor(kind, paths.get(oid) ?? ""));
  const [before, after] = [attributeOf(present), attributeOf(wanted)];
  if (wanted !== null && after === null) {
    throw new PanopticonError("unsupported", "Rally does not allow this kind of item below that one.", {
      tracker: "rally",
      field: "parent",
      hint: "Stories go below stories and portfolio items, defects below stories, tasks below stories and defects, portfolio items below those of the next level.",
    });
  }
  return {
    ...(before !== null && before !== after ? { [before]: null } : {}),
    ...(after === null ? {} : { [after]: { _ref: `/${paths.get(wanted ?? "") ?? ""}/${wanted ?? ""}` } }),
  };
}
