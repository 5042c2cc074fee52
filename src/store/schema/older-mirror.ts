import { PanopticonError } from "../../domain/error.ts";

/** A mirror that an earlier version wrote was opened to be read only: it has to be brought up to date first, which `migrate` does. */
export class OlderMirrorError extends PanopticonError {
  constructor() {
    super("unsupported", "The mirror was written by an earlier version of Panopticon.", {
      hint: "No data is lost. The next command that writes, such as `pan sync`, upgrades it.",
    });
  }
}
