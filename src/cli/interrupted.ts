import { PanopticonError } from "../domain/error.ts";

/** The user pressed Ctrl-C; the message says what became of the work. The process exits with 130, as shells expect. */
export class Interrupted extends PanopticonError {
  constructor(message: string) {
    super("internal", message);
  }
}
