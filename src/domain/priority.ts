/** 0 none, 1 urgent, 2 high, 3 medium, 4 low. */
export const priorities = [0, 1, 2, 3, 4] as const;

export type Priority = (typeof priorities)[number];

export const priorityLabels: Record<Priority, string> = {
  0: "None",
  1: "Urgent",
  2: "High",
  3: "Medium",
  4: "Low",
};

/** Parses `1`, `urgent` or `Urgent`; returns `undefined` for anything else. */
export function parsePriority(text: string): Priority | undefined {
  const folded = text.trim().toLowerCase();
  return priorities.find(
    (priority) => String(priority) === folded || priorityLabels[priority].toLowerCase() === folded,
  );
}

/** The sort order of a priority: urgent first, none last. */
export function priorityRank(priority: Priority): number {
  return priority === 0 ? 5 : priority;
}
