import type { Clock } from "../domain/clock.ts";
import type { Surroundings } from "./app.ts";
import type { Output } from "./printing/output.ts";

/** What every command gets. */
export type Context = Surroundings & {
  readonly out: Output;
  readonly clock: Clock;
  readonly version: string;
  /** Ends the process with this code after what was asked for was printed: a finding is no error of the command. */
  readonly setExitCode: (code: number) => void;
};
