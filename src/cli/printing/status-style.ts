import type { Status } from "../../domain/status.ts";
import type { Style } from "./output.ts";

/** The board's colours, as close as terminals get. */
export const statusStyles: Record<Status, Style> = {
  backlog: "gray",
  planning: "magenta",
  in_progress: "yellow",
  in_review: "cyan",
  done: "green",
  canceled: "gray",
};
