import type { ControlClient } from "../tmux/control-client.ts";
import { createTitleFilter } from "./drop-titles.ts";
import { drawRow, drawRows, findWraps, readStyledRows } from "./styled-rows.ts";

/** A terminal's current state: what to send to a terminal emulator of this size, after a reset, to make it look the same. */
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
  "alternate_saved_x",
  "alternate_saved_y",
  "history_size",
] as const;

type State = Readonly<Record<(typeof formats)[number], number>> & { readonly tabs: readonly number[] };

const newline = Buffer.from("\n");

/**
 * Takes a snapshot between two pieces of output: output reported before the reply is included, later output is not. `history` is how many scrolled-away lines
 * to include; `done` gets null if tmux refuses.
 */
export function takeSnapshot(
  client: ControlClient,
  pane: string,
  history: number,
  done: (snapshot: Snapshot | null) => void,
): void {
  const capture = (options: string) => `capture-pane -p -e -q ${options} -t ${pane}`;
  client.send(
    [
      `display-message -p -t ${pane} '${[...formats, "pane_tabs"].map((name) => `#{${name}}`).join(",")}'`,
      // Without any history this is the first row.
      capture(`-J -S -${history} -E -1`),
      // Including colored blanks, which tmux drops when it joins lines.
      capture("-N"),
      capture("-J"),
      // The screen below a full-screen program; empty if there is none.
      capture("-J -a"),
      // The beginning of an incomplete escape sequence.
      `capture-pane -p -P -t ${pane}`,
    ],
    (replies) => {
      if (replies === null) {
        done(null);
        return;
      }
      const [state = [], past = [], screen = [], joined = [], saved = [], begun = []] = replies;
      done(draw(readState(state), { past, screen, joined, saved, begun }));
    },
  );
}

function readState(lines: readonly Buffer[]): State {
  const values = (lines[0]?.toString() ?? "").split(",").map(Number);
  const named = Object.fromEntries(formats.map((name, index) => [name, values[index] || 0]));
  return { ...(named as Record<(typeof formats)[number], number>), tabs: values.slice(formats.length) };
}

type Captured = Readonly<Record<"past" | "screen" | "joined" | "saved" | "begun", readonly Buffer[]>>;

function draw(state: State, { past, screen, joined, saved, begun }: Captured): Snapshot {
  const columns = state.pane_width;
  const rows = state.pane_height;
  // tmux returns line drawing as programs sent it: in the second character set.
  const parts: (Buffer | string)[] = ["\x1b)0"];
  const move = (x: number, y: number) => `\x1b[${y + 1};${x + 1}H`;

  if (state.history_size > 0) parts.push(...drawRows(readStyledRows(past)), "\r\n");
  if (state.alternate_on) {
    // The cursor's position after the program ends.
    parts.push(...drawRows(readStyledRows(saved)), move(state.alternate_saved_x, state.alternate_saved_y));
    parts.push("\x1b[?1049h\x1b[H");
  }
  const styled = readStyledRows(screen);
  const wraps = findWraps(screen, joined);
  parts.push(...drawRows(styled, (row) => wraps.has(row)), "\x0f");

  const usual =
    state.tabs.every((tab, index) => tab === (index + 1) * 8) && state.tabs.length === Math.ceil(columns / 8) - 1;
  if (!usual) parts.push("\x1b[3g", ...state.tabs.map((tab) => `${move(tab, 0)}\x1bH`));
  const { scroll_region_upper: top, scroll_region_lower: bottom } = state;
  if (top > 0 || bottom < rows - 1) parts.push(`\x1b[${top + 1};${bottom + 1}r`);
  if (state.origin_flag) parts.push("\x1b[?6h");
  // In origin mode, positions are relative to the region.
  const y = Math.max(0, state.cursor_y - (state.origin_flag ? top : 0));
  const last = styled[state.cursor_y];
  // After a row's last character the cursor is beyond it, where only writing can put it.
  if (state.cursor_x >= columns && last !== undefined) parts.push(move(0, y), ...drawRow(last), "\x0f");
  else parts.push(move(state.cursor_x, y));
  if (!state.wrap_flag) parts.push("\x1b[?7l");
  if (state.insert_flag) parts.push("\x1b[4h");
  if (state.keypad_cursor_flag) parts.push("\x1b[?1h");
  if (state.keypad_flag) parts.push("\x1b=");
  if (state.mouse_all_flag) parts.push("\x1b[?1003h");
  else if (state.mouse_button_flag) parts.push("\x1b[?1002h");
  else if (state.mouse_standard_flag) parts.push("\x1b[?1000h");
  if (state.mouse_sgr_flag) parts.push("\x1b[?1006h");
  if (!state.cursor_flag) parts.push("\x1b[?25l");
  // The beginning of a title is dropped, because its end will be, too.
  parts.push(
    createTitleFilter()(Buffer.concat(begun.flatMap((line, index) => (index === 0 ? [line] : [newline, line])))),
  );
  return {
    columns,
    rows,
    bytes: Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part))),
  };
}
