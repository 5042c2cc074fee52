import type { CredentialValues } from "../../config/edit-credentials.ts";
import type { TrackerDefinition } from "../../trackers/tracker.ts";
import type { SourceChoice } from "./choice.ts";
import type { TestedConnection } from "./tested-connection.ts";

/** The questions of `pan init`, answered by a user at a terminal or by flags. Throws `Cancelled` if the user cancels. */
export type Answers = {
  intro(): void;
  /** Shows progress while the trackers are asked. */
  during<T>(words: string, work: Promise<T>): Promise<T>;
  say(text: string): void;
  /** Which unconnected trackers to connect. */
  connectMore(open: readonly TestedConnection[]): Promise<readonly TrackerDefinition[]>;
  credentials(tracker: TrackerDefinition, before: TestedConnection): Promise<CredentialValues>;
  /** After a failed test: whether to try again. */
  tryAgain(tracker: TrackerDefinition): Promise<boolean>;
  sources(choices: readonly SourceChoice[], suggested: readonly SourceChoice[]): Promise<readonly SourceChoice[]>;
  name(suggested: string): Promise<string>;
  useCheckout(path: string): Promise<boolean>;
  keepVariables(keys: readonly string[]): Promise<boolean>;
  /** Whether to open the board at the end. */
  start(): Promise<boolean>;
};

/** The user pressed Ctrl-C or Escape; nothing has been written. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}
