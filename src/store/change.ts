/** What a transaction changed on the screen. `sequence` is the log's last number after it. */
export type Change = {
  readonly sequence: number;
  readonly refs: readonly string[];
  readonly changed: number;
  readonly removed: number;
  /** An operation of the outbox that had to wait need not wait any more. */
  readonly due: boolean;
};
