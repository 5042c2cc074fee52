import type { Clock } from "../../domain/clock.ts";
import { type ControlClient, openControlClient } from "../tmux/control-client.ts";
import { createTitleFilter } from "./drop-titles.ts";
import { createFloodGauge, pauseMs } from "./flood.ts";
import { findCutCharacter } from "./cut-character.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";
import { createViewer, type Size, type Viewer, type ViewerOutput } from "./viewer.ts";

export type TerminalParts = {
  readonly clock: Clock;
  readonly attach: { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> };
  readonly session: string;
  /** Pastes a text into the pane, whether or not the program there supports bracketed paste. */
  readonly paste: (text: string) => Promise<void>;
  /** Whether the session has ended. */
  readonly isOver: () => Promise<boolean>;
  /** Called when the session has ended, or nobody is watching any more. */
  readonly closed: () => void;
};

/** One viewer's access to a terminal. */
export type TerminalView = {
  /** Sends keys as a terminal does. Returns false while so much is pending that no more should be read. */
  type(bytes: Buffer): boolean;
  paste(text: string): Promise<void>;
  /** Sets the terminal to this viewer's size, until another viewer acts. */
  resize(size: Size): void;
  shown(bytes: number): void;
  leave(): void;
};

/** A terminal shared by viewers. It has the size of the last active one. */
export type Terminal = { join(output: ViewerOutput, size: Size): TerminalView; close(): void };

/** The number of history lines that a viewer gets. */
const historyLines = 10_000;
/** The same while more is written than can be shown. */
const floodLines = 500;
const behindMs = 100;
/** The limit of a tmux command. */
const keysAtOnce = 512;
const maxPendingBytes = 256 * 1024;

/** Opens one tmux client for all viewers of a session; each gets its output at its own pace. */
export function openTerminal(parts: TerminalParts): Terminal {
  const pane = `=${parts.session}:0.0`;
  /** The last one was active most recently. */
  const viewers: Viewer[] = [];
  const filter = createTitleFilter();
  const flood = createFloodGauge(parts.clock);
  let paneId: string | null = null;
  let flooded: "no" | "paused" | "catching-up" = "no";
  let wanted = "";
  let known = "";
  let mayBeInMode = false;
  let closed = false;
  /** A snapshot is pending. tmux takes seconds for a long one on a busy machine, and asking again would delay it indefinitely. */
  let asked = false;
  /** The beginning of an incomplete character, which tmux does not include in snapshots. */
  let begun: Buffer = Buffer.alloc(0);
  let retry: NodeJS.Timeout | undefined;
  let pause: NodeJS.Timeout | undefined;

  const client: ControlClient = openControlClient(parts.attach, { output: onOutput, notice: onNotice, end });
  function onOutput(raw: Buffer): void {
    const bytes = filter(raw);
    begun = findCutCharacter(Buffer.concat([begun, raw]));
    if (flooded === "paused") return;
    if (flood.add(bytes.length)) {
      beginPause();
      return;
    }
    for (const viewer of viewers) {
      if (viewer.behind) continue;
      if (viewer.isFull()) leaveBehind(viewer);
      else viewer.write(bytes);
    }
  }

  function onNotice(words: readonly string[]): void {
    if (words[0] === "%pane-mode-changed") mayBeInMode = true;
    if (words[0] !== "%layout-change") return;
    const size = /^[^,]*,(\d+x\d+),/.exec(words[2] ?? "")?.[1];
    if (size === undefined || size === known) return;
    known = size;
    for (const viewer of viewers) viewer.behind = true;
    refresh();
  }

  function leaveBehind(viewer: Viewer): void {
    viewer.behind = true;
    retry ??= setTimeout(refresh, behindMs);
  }

  /** Sends the terminal's current state to all waiting viewers that are ready for it. */
  function refresh(): void {
    clearTimeout(retry);
    retry = undefined;
    const ready = viewers.filter((viewer) => viewer.behind && viewer.isReady());
    if (viewers.some((viewer) => viewer.behind && !viewer.isReady())) retry = setTimeout(refresh, behindMs);
    if (ready.length === 0 || closed || asked) return;
    const lines = flooded === "no" ? historyLines : floodLines;
    asked = true;
    takeSnapshot(client, pane, lines, (snapshot) => {
      asked = false;
      // It may have been requested during a flood, with too little history.
      if (snapshot !== null && (flooded !== "no" || lines === historyLines)) show(ready, snapshot);
      if (viewers.some(({ behind }) => behind)) retry ??= setTimeout(refresh, snapshot === null ? behindMs : 0);
    });
  }

  function show(ready: readonly Viewer[], { columns, rows, bytes }: Snapshot): void {
    const size = `${columns}x${rows}`;
    if (size !== known) for (const viewer of viewers) viewer.behind = true;
    known = size;
    for (const viewer of ready) {
      if (!viewer.behind) continue;
      viewer.behind = false;
      viewer.output.reset(columns, rows);
      viewer.write(begun.length === 0 ? bytes : Buffer.concat([bytes, begun]));
    }
  }

  /** Pauses only the reports to this client: tmux keeps reading the program, so that it is not delayed. */
  function beginPause(): void {
    clearTimeout(pause);
    flooded = "paused";
    begun = Buffer.alloc(0);
    if (paneId !== null) client.send([`refresh-client -A '${paneId}:pause'`]);
    pause = setTimeout(() => {
      flooded = "catching-up";
      if (paneId !== null) client.send([`refresh-client -A '${paneId}:continue'`]);
      for (const viewer of viewers) viewer.behind = true;
      refresh();
      pause = setTimeout(() => {
        if (flooded !== "catching-up") return;
        flooded = "no";
        for (const viewer of viewers) viewer.behind = true;
        refresh();
      }, pauseMs);
    }, pauseMs);
  }

  function takeSize(viewer: Viewer): void {
    const at = viewers.indexOf(viewer);
    if (at < 0) return;
    viewers.splice(at, 1);
    viewers.push(viewer);
    const { columns, rows } = viewer.size;
    const size = `${columns}x${rows}`;
    if (size === wanted) return;
    wanted = size;
    client.send([`refresh-client -C ${columns},${rows}`]);
  }

  function close(): void {
    if (closed) return;
    closed = true;
    clearTimeout(retry);
    clearTimeout(pause);
    client.close();
    parts.closed();
  }

  /** A client also ends without its session: Ctrl-C in the server's terminal, or a full memory, ends processes beside the server. */
  function end(): void {
    const left = viewers.splice(0);
    close();
    const tell = (over: boolean) => {
      for (const viewer of left) viewer.output.end(over);
    };
    parts.isOver().then(tell, () => tell(false));
  }

  function leaveAll(): void {
    const left = viewers.splice(0);
    close();
    for (const viewer of left) viewer.output.end(false);
  }

  client.send([`display-message -p -t ${pane} '#{pane_id}'`], (replies) => {
    paneId = replies?.[0]?.[0]?.toString() ?? null;
  });

  return {
    join(output, size) {
      const viewer = createViewer(output, size);
      viewers.push(viewer);
      takeSize(viewer);
      refresh();
      return {
        type(bytes) {
          takeSize(viewer);
          if (mayBeInMode) {
            mayBeInMode = false;
            // Someone scrolls in their own tmux, where the keys would go.
            client.send([`copy-mode -q -t ${pane}`]);
          }
          for (let at = 0; at < bytes.length; at += keysAtOnce) {
            const keys = bytes
              .subarray(at, at + keysAtOnce)
              .toString("hex")
              .replace(/../g, " $&");
            client.send([`send-keys -t ${pane} -H${keys}`]);
          }
          return client.pendingBytes() < maxPendingBytes;
        },
        async paste(text) {
          takeSize(viewer);
          await parts.paste(text);
        },
        resize(next) {
          viewer.size = next;
          takeSize(viewer);
        },
        shown: (bytes) => viewer.shown(bytes),
        leave() {
          const at = viewers.indexOf(viewer);
          if (at < 0) return;
          viewers.splice(at, 1);
          const last = viewers.at(-1);
          if (last === undefined) close();
          else takeSize(last);
        },
      };
    },
    close: leaveAll,
  };
}
