/** A viewer's output. */
export type ViewerOutput = {
  /** Start over with an empty terminal of this size. */
  reset(columns: number, rows: number): void;
  write(bytes: Buffer): void;
  /** Bytes not yet sent to the viewer. */
  waitingBytes(): number;
  /** Nothing more follows. `over`: because the session has ended; otherwise the viewer may join again. */
  end(over: boolean): void;
};

export type Size = { readonly columns: number; readonly rows: number };

/** A viewer with more unshown output than this is skipped… */
export const maxUnshownBytes = 512 * 1024;
/** …until it has at most this much left; then it gets the current terminal. */
export const fewUnshownBytes = 128 * 1024;

/** The state of a viewer: its size, and how far it is behind. */
export function createViewer(output: ViewerOutput, size: Size) {
  let sent = 0;
  let shown = 0;
  const unshown = () => Math.max(sent - shown, output.waitingBytes());
  return {
    output,
    size,
    /** Whether it waits for a snapshot, which includes what is written meanwhile. */
    behind: true,
    write(bytes: Buffer): void {
      sent += bytes.length;
      output.write(bytes);
    },
    /** Reported by the viewer: the total bytes of output it has drawn. */
    shown(bytes: number): void {
      shown = Math.min(sent, Math.max(shown, bytes));
    },
    isFull: () => unshown() > maxUnshownBytes,
    isReady: () => unshown() <= fewUnshownBytes,
  };
}

export type Viewer = ReturnType<typeof createViewer>;
