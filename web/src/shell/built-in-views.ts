/** The built-in views, listed before saved ones. `query`: as in the URL. */
export const builtInViews = [
  { id: "all", name: "All work", query: "" },
  { id: "mine", name: "My work", query: "assignee=me" },
] as const;
