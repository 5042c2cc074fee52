import { inverseOf } from "../../domain/inverse-relation.ts";
import { type LinkType, linkTypes } from "../../domain/operation.ts";

/** A tracker's relation as seen from the other issue; null for `duplicates`, which only one of the two has. */
export function turned(type: LinkType): LinkType | null {
  const inverse = linkTypes.find((one) => one === inverseOf(type));
  return inverse !== undefined && inverseOf(inverse) === type ? inverse : null;
}
