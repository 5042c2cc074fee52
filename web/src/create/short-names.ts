/** Display names for one row: a path (`group/subgroup/project`) is shortened to its last segment if that is unique. */
export function shortNames(names: readonly string[]): readonly string[] {
  const lasts = names.map((name) => (/\s/.test(name) ? name : name.slice(name.lastIndexOf("/") + 1)));
  return names.map((name, at) => {
    const last = lasts[at] ?? "";
    return last !== "" && lasts.indexOf(last) === lasts.lastIndexOf(last) ? last : name;
  });
}
