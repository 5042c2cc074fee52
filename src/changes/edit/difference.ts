/** The members to add and remove to turn one set into the other; null if they are equal. */
export function difference(
  before: readonly string[],
  after: readonly string[],
): { readonly add: readonly string[]; readonly remove: readonly string[] } | null {
  const add = [...new Set(after)].filter((id) => !before.includes(id));
  const remove = before.filter((id) => !after.includes(id));
  return add.length + remove.length === 0 ? null : { add, remove };
}
