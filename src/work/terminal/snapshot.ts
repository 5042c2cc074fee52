import type { ControlClient } from "../tmux/control-client.ts";

/** A terminal as it stands: what a terminal emulator of this size must be sent, after a reset, to look the same. */
export type Snapshot = { readonly columns: number; readonly rows: number; readonly bytes: Buffer };

const formats = [
  "pane_width",
  "pane_height",
  "cursor_x",
  "cursor_y",
  "alternate_on",
  "cursor_flag",
  "wrap_flag",
  "insert_flag",
  "origin_flag",
  "keypad_cursor_flag",
  "keypad_flag",
  "mouse_standard_flag",
  "mouse_button_flag",
  "mouse_all_flag",
  "mouse_sgr_flag",
  "scroll_region_upper",
  "scroll_region_lower",
] as const;

type State = Readonly<Record<(typeof formats)[number], number>>;

/**
 * Takes a snapshot between two pieces of the output: what the client was told before the reply is in it, what comes after is not. `history` is how many lines that were
 * scrolled away come with it; null: tmux refuses it.
 */
export function takeSnapshot(
  client: ControlClient,
  pane: string,
  history: number,
  done: (snapshot: Snapshot | null) => void,
): void {
  const capture = (options: string) => `capture-pane -p -e -J -q ${options} -t ${pane}`;
  client.send(
    [
      `display-message -p -t ${pane} '${formats.map((name) => `#{${name}}`).join(",")}'`,
      capture(`-S -${history}`),
      capture("-S 0"),
      // What lies below a full-screen program; empty where there is none.
      capture("-a"),
    ],
    (replies) => {
      if (replies === null) {
        done(null);
        return;
      }
      const [state = [], all = [], screen = [], saved = []] = replies;
      done(draw(readState(state), all, screen, saved));
    },
  );
}

function readState(lines: readonly Buffer[]): State {
  const values = (lines[0]?.toString() ?? "").split(",").map(Number);
  return Object.fromEntries(formats.map((name, index) => [name, values[index] || 0])) as State;
}

function draw(state: State, all: readonly Buffer[], screen: readonly Buffer[], saved: readonly Buffer[]): Snapshot {
  const columns = state.pane_width;
  const rows = state.pane_height;
  const parts: (Buffer | string)[] = [];
  const lines = (text: readonly Buffer[]) => {
    text.forEach((line, index) => parts.push(index === 0 ? "" : "\r\n", line));
    parts.push("\x1b[m");
  };
  if (state.alternate_on) {
    lines([...all.slice(0, all.length - screen.length), ...saved]);
    parts.push("\x1b[?1049h\x1b[H");
    lines(screen);
  } else lines(all);

  const { scroll_region_upper: top, scroll_region_lower: bottom } = state;
  if (top > 0 || bottom < rows - 1) parts.push(`\x1b[${top + 1};${bottom + 1}r`);
  // With the origin mode positions count from the region; so it comes after the cursor.
  parts.push(`\x1b[${state.cursor_y + 1};${state.cursor_x + 1}H`);
  if (state.origin_flag) parts.push("\x1b[?6h");
  if (!state.wrap_flag) parts.push("\x1b[?7l");
  if (state.insert_flag) parts.push("\x1b[4h");
  if (state.keypad_cursor_flag) parts.push("\x1b[?1h");
  if (state.keypad_flag) parts.push("\x1b=");
  if (state.mouse_all_flag) parts.push("\x1b[?1003h");
  else if (state.mouse_button_flag) parts.push("\x1b[?1002h");
  else if (state.mouse_standard_flag) parts.push("\x1b[?1000h");
  if (state.mouse_sgr_flag) parts.push("\x1b[?1006h");
  if (!state.cursor_flag) parts.push("\x1b[?25l");
  return {
    columns,
    rows,
    bytes: Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part))),
  };
}
