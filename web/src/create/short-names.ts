/** Names for one row: of a path (`group/subgroup/project`) its last part, where that tells it from the others. */
export function shortNames(names: readonly string[]): readonly string[] {
  const lasts = names.map((name) => (/\s/.test(name) ? name : name.slice(name.lastIndexOf("/") + 1)));
  return names.map((name, at) => {
    const last = lasts[at] ?? "";
    return last !== "" && lasts.indexOf(last) === lasts.lastIndexOf(last) ? last : name;
  });
}
