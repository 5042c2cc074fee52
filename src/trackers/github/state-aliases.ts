/** Common names for GitHub's closed states. */
export const stateAliases: Readonly<Record<string, string>> = {
  closed: "closed:completed",
  completed: "closed:completed",
  "not planned": "closed:not_planned",
  duplicate: "closed:duplicate",
};
