import type { Output } from "./output.ts";

/** Says on standard error what every command does first that meets the mirror of an earlier version. */
export function noteOlderMirror(out: Pick<Output, "note">): void {
  out.note("The mirror was written by an earlier version of Panopticon; upgrading it once.");
}
