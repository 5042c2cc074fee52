/** The six statuses of the board, in column order. */
export const statuses = ["backlog", "planning", "in_progress", "in_review", "done", "canceled"] as const;

export type Status = (typeof statuses)[number];

/** The names of the statuses on the board and in the CLI. */
export const statusLabels: Record<Status, string> = {
  backlog: "Backlog",
  planning: "Planning",
  in_progress: "In Progress",
  in_review: "In Review",
  done: "Done",
  canceled: "Canceled",
};

export function isStatus(value: string): value is Status {
  return (statuses as readonly string[]).includes(value);
}

/** Finished issues are the ones that `history` may leave out of the mirror. */
export function isFinished(status: Status): boolean {
  return status === "done" || status === "canceled";
}

/** Builds a record with a value for each status; `index` is its position in `statuses`. */
export function forEachStatus<T>(valueOf: (status: Status, index: number) => T): Record<Status, T> {
  return Object.fromEntries(statuses.map((status, index) => [status, valueOf(status, index)])) as Record<Status, T>;
}
