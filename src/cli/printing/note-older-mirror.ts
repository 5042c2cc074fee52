import type { Output } from "./output.ts";

/** Prints to standard error that a command is upgrading an earlier version's mirror. */
export function noteOlderMirror(out: Pick<Output, "note">): void {
  out.note("The mirror was written by an earlier version of Panopticon; upgrading it once.");
}
