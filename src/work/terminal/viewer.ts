/** Where one viewer's terminal goes. */
export type ViewerOutput = {
  /** Begin anew with an empty terminal of this size. */
  reset(columns: number, rows: number): void;
  write(bytes: Buffer): void;
  /** Bytes that have not left for the viewer. */
  waitingBytes(): number;
  /** There is no more to come. */
  end(): void;
};

export type Size = { readonly columns: number; readonly rows: number };

/** A viewer who has not shown this much of what was sent is left out… */
export const maxUnshownBytes = 512 * 1024;
/** …until there is no more than this to show; then it gets the terminal as it stands. */
export const fewUnshownBytes = 128 * 1024;

/** What is known of one viewer: its size, and how far it is behind. */
export function createViewer(output: ViewerOutput, size: Size) {
  let sent = 0;
  let shown = 0;
  const unshown = () => Math.max(sent - shown, output.waitingBytes());
  return {
    output,
    size,
    /** It waits for a snapshot: what is written meanwhile is in that. */
    behind: true,
    write(bytes: Buffer): void {
      sent += bytes.length;
      output.write(bytes);
    },
    /** Told by the viewer: bytes of output that it has drawn, all in all. */
    shown(bytes: number): void {
      shown = Math.min(sent, Math.max(shown, bytes));
    },
    isFull: () => unshown() > maxUnshownBytes,
    isReady: () => unshown() <= fewUnshownBytes,
  };
}

export type Viewer = ReturnType<typeof createViewer>;
