/** What board columns and list sections can be grouped by; each is also the name of a filter. */
export const groupings = ["status", "project", "tracker", "assignee", "priority", "cycle", "state"] as const;

export type Grouping = (typeof groupings)[number];

export function isGrouping(word: string): word is Grouping {
  return (groupings as readonly string[]).includes(word);
}
