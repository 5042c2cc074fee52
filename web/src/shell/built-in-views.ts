/** The built-in views, listed before saved ones. `query`: as in the URL. */
export const builtInViews = [
  { id: "all", name: "All work", query: "" },
  { id: "mine", name: "My work", query: "assignee=me" },
  { id: "blocked", name: "Blocked", query: "blocked=yes" },
  { id: "agent-waiting", name: "Agent waiting", query: "agent=waiting" },
] as const;
