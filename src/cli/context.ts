import type { Clock } from "../domain/clock.ts";
import type { Surroundings } from "./app.ts";
import type { Output } from "./printing/output.ts";

/** What every command receives. */
export type Context = Surroundings & {
  readonly out: Output;
  readonly clock: Clock;
  readonly version: string;
  /** Exits with this code after normal output, for findings that are no error of the command. */
  readonly setExitCode: (code: number) => void;
};
