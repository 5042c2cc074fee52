import type { Status } from "../../domain/status.ts";

/** A group of issues that a board shows as one column. */
export type Group = {
  /** The value as a filter takes it: a login, a project's id, `none`. */
  readonly group: string;
  readonly total: number;
  readonly byStatus: Readonly<Record<Status, number>>;
};
