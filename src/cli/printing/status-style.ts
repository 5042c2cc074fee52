import type { Status } from "../../domain/status.ts";
import type { Style } from "./output.ts";

/** The board's colours, as far as terminals have them. */
export const statusStyles: Record<Status, Style> = {
  backlog: "gray",
  planning: "magenta",
  in_progress: "yellow",
  in_review: "cyan",
  done: "green",
  canceled: "gray",
};
