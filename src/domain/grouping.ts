/** What columns of the board and parts of the list can stand for; each is a filter of that name. */
export const groupings = ["status", "project", "tracker", "assignee", "priority", "cycle", "state"] as const;

export type Grouping = (typeof groupings)[number];

export function isGrouping(word: string): word is Grouping {
  return (groupings as readonly string[]).includes(word);
}
