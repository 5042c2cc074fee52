import { PanopticonError } from "../domain/error.ts";

/** The user ended a command with Ctrl-C; the message says what became of what it had begun. The process ends with 130, as shells expect. */
export class Interrupted extends PanopticonError {
  constructor(message: string) {
    super("internal", message);
  }
}
