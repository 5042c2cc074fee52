/**
 * What an issue's type is called on the page. Trackers' names stay as they are; `issue` is Panopticon's own word where a tracker has no types, and stands beside
 * names that begin with a capital letter.
 */
export function typeName(type: string): string {
  return type === "issue" ? "Issue" : type;
}
