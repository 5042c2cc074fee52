import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { useEffect, useRef, useState } from "react";
import "@xterm/xterm/css/xterm.css";
import { Icon } from "../../ui/icon.tsx";
import { countAsTmux } from "./character-widths.ts";
import { hearInsertedText } from "./inserted-text.ts";
import { silenceQueries } from "./silence-queries.ts";
import { terminalDocument, withConstructedStyles } from "./terminal-document.ts";
import { openTerminalSocket, type TerminalState } from "./terminal-socket.ts";

export type TerminalViewProps = {
  readonly agent: string;
  /** For example `codex, PROJ-96`. */
  readonly label: string;
  readonly onState: (state: TerminalState) => void;
  /** The user leaves the terminal with the keyboard. */
  readonly onLeave: () => void;
};

const fontSizes = { usual: 12, least: 6 };
const resizeMs = 120;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The page's terminal colours, with a palette of our own for the sixteen ANSI colours. */
function theme() {
  const [ink, dim, green, amber, blue, red, cyan] = [
    "--term-ink",
    "--term-dim",
    "--term-green",
    "--term-amber",
    "--term-blue",
    "--term-red",
    "--term-cyan",
  ].map(colour);
  const magenta = "#c69aef";
  return {
    background: colour("--term-bg"),
    foreground: ink,
    cursor: ink,
    cursorAccent: colour("--term-bg"),
    selectionBackground: "#3b4c6b",
    black: "#34353c",
    red,
    green,
    yellow: amber,
    blue,
    magenta,
    cyan,
    white: ink,
    brightBlack: dim,
    brightRed: red,
    brightGreen: green,
    brightYellow: amber,
    brightBlue: blue,
    brightMagenta: magenta,
    brightCyan: cyan,
    brightWhite: "#ffffff",
  } as Record<string, string>;
}

/** An agent's live terminal: draws the server's output, sends keys and pastes to it. */
export function TerminalView({ agent, label, onState, onLeave }: TerminalViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef({ onState, onLeave });
  const [following, setFollowing] = useState(true);
  const toEnd = useRef<() => void>(() => undefined);
  useEffect(() => {
    latest.current = { onState, onLeave };
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const terminal = new Terminal({
      documentOverride: terminalDocument(),
      fontFamily: colour("--mono"),
      fontSize: fontSizes.usual,
      lineHeight: 1.4,
      scrollback: 10_000,
      cursorBlink: false,
      theme: theme(),
      minimumContrastRatio: 4.5,
      screenReaderMode: true,
      allowProposedApi: true,
    });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    silenceQueries(terminal);
    countAsTmux(terminal);
    withConstructedStyles(() => terminal.open(element));
    terminal.textarea?.setAttribute("aria-label", `Terminal of ${label}. Press F6 to leave.`);

    const ownSize = () => {
      terminal.options.fontSize = fontSizes.usual;
      const { cols = 120, rows = 40 } = fit.proposeDimensions() ?? {};
      return { columns: Math.max(20, cols), rows: Math.max(4, rows) };
    };
    /** Shrinks the font when another viewer has set a larger size, so that all of it fits. */
    const showWhole = () => {
      terminal.options.fontSize = fontSizes.usual;
      const own = fit.proposeDimensions();
      if (own === undefined || !Number.isFinite(own.cols)) return;
      const scale = Math.min(1, own.cols / terminal.cols, own.rows / terminal.rows);
      terminal.options.fontSize = Math.max(fontSizes.least, Math.floor(fontSizes.usual * scale * 2) / 2);
    };

    /** How many lines above the end the user had scrolled to before a redraw; restored after it. */
    let keptAbove = 0;
    let ended = false;
    let size = ownSize();
    terminal.resize(size.columns, size.rows);
    const socket = openTerminalSocket(agent, () => size, {
      reset(columns, rows) {
        const { viewportY, baseY } = terminal.buffer.active;
        const above = baseY - viewportY;
        terminal.reset();
        if (columns !== terminal.cols || rows !== terminal.rows) terminal.resize(columns, rows);
        showWhole();
        keptAbove = above;
      },
      write: (bytes, done) =>
        terminal.write(bytes, () => {
          if (keptAbove > 0) terminal.scrollLines(-keptAbove);
          keptAbove = 0;
          done();
        }),
      state(state) {
        ended = state === "ended";
        latest.current.onState(state);
      },
    });

    const encoder = new TextEncoder();
    terminal.onData((data) => socket.type(encoder.encode(data)));
    terminal.onBinary((data) => socket.type(Uint8Array.from(data, (letter) => letter.charCodeAt(0))));
    terminal.onScroll(() => {
      setFollowing(terminal.buffer.active.viewportY >= terminal.buffer.active.baseY);
    });
    toEnd.current = () => {
      terminal.scrollToBottom();
      terminal.focus();
    };
    const pressed = hearInsertedText(terminal);
    terminal.attachCustomKeyEventHandler((event) => {
      pressed(event);
      if (event.key !== "F6") return true;
      event.preventDefault();
      if (event.type === "keydown") latest.current.onLeave();
      return false;
    });
    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      event.preventDefault();
      event.stopPropagation();
      if (text !== "") socket.send({ type: "paste", text });
    };
    element.addEventListener("paste", onPaste, { capture: true });
    // xterm's onScroll does not report wheel scrolling, so read the position after it.
    const onWheel = () =>
      requestAnimationFrame(() => setFollowing(terminal.buffer.active.viewportY >= terminal.buffer.active.baseY));
    element.addEventListener("wheel", onWheel, { passive: true });

    let timer: ReturnType<typeof setTimeout> | undefined;
    const takeSize = () => {
      const next = ownSize();
      // Nothing else sets the size of a terminal that has ended.
      if (ended) terminal.resize(next.columns, next.rows);
      showWhole();
      if (next.columns === size.columns && next.rows === size.rows) return;
      size = next;
      socket.send({ type: "resize", ...size });
    };
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(takeSize, resizeMs);
    });
    observer.observe(element);

    return () => {
      observer.disconnect();
      clearTimeout(timer);
      element.removeEventListener("paste", onPaste, { capture: true });
      element.removeEventListener("wheel", onWheel);
      socket.close();
      terminal.dispose();
    };
  }, [agent, label]);

  return (
    <div className="terminal">
      <div className="terminal-host" ref={host} />
      {!following && (
        <button type="button" className="terminal-end" onClick={() => toEnd.current()}>
          <Icon name="down" size={14} />
          Jump to end
        </button>
      )}
    </div>
  );
}
