/** The visible changes of a transaction. `sequence` is the log's last number after it. */
export type Change = {
  readonly sequence: number;
  readonly refs: readonly string[];
  readonly changed: number;
  readonly removed: number;
  /** An operation of the outbox that was waiting can be sent now. */
  readonly due: boolean;
};
