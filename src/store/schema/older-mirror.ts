import { PanopticonError } from "../../domain/error.ts";

/** A mirror of an earlier version was opened read-only; it must first be upgraded by `migrate`. */
export class OlderMirrorError extends PanopticonError {
  constructor() {
    super("unsupported", "The mirror was written by an earlier version of Panopticon.", {
      hint: "No data is lost. The next command that writes, such as `pan sync`, upgrades it.",
    });
  }
}
