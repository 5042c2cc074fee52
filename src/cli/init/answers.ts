import type { CredentialValues } from "../../config/edit-credentials.ts";
import type { TrackerDefinition } from "../../trackers/tracker.ts";
import type { SourceChoice } from "./choice.ts";
import type { TestedConnection } from "./tested-connection.ts";

/** What `pan init` asks; answered by a person at a terminal, or by flags. Throws `Cancelled` when the person gives up. */
export type Answers = {
  intro(): void;
  /** While something is asked of the trackers. */
  during<T>(words: string, work: Promise<T>): Promise<T>;
  say(text: string): void;
  /** Trackers to connect, of those that are not. */
  connectMore(open: readonly TestedConnection[]): Promise<readonly TrackerDefinition[]>;
  credentials(tracker: TrackerDefinition, before: TestedConnection): Promise<CredentialValues>;
  /** After a test that failed: whether to try once more. */
  tryAgain(tracker: TrackerDefinition): Promise<boolean>;
  sources(choices: readonly SourceChoice[], suggested: readonly SourceChoice[]): Promise<readonly SourceChoice[]>;
  name(suggested: string): Promise<string>;
  useCheckout(path: string): Promise<boolean>;
  keepVariables(keys: readonly string[]): Promise<boolean>;
  /** Whether the board is opened at the end. */
  start(): Promise<boolean>;
};

/** The person pressed Ctrl-C or Escape; nothing has been written. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}
