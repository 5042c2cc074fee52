/** The views that are there from the start, before those that somebody saved. `query`: as in the address. */
export const builtInViews = [
  { id: "all", name: "All work", query: "" },
  { id: "mine", name: "My work", query: "assignee=me" },
] as const;
