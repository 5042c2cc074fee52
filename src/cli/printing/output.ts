import { styleText } from "node:util";
import { toPlainJson } from "./plain-text.ts";

/** What commands write to. Text from elsewhere goes through `plainText` or `plainLine` first. */
export type Output = {
  /** To standard output: what was asked for. */
  line(text?: string): void;
  json(value: unknown): void;
  /** To standard output as it is, without an end of line. */
  piece(text: string): void;
  /** To standard error: what the user should know besides. */
  note(text: string): void;
  /** A line on standard error that the next one replaces; nothing where standard error is no terminal. */
  status(text: string | null): void;
  readonly isTerminal: boolean;
  /** Whether standard error is one. */
  readonly hasStatusLine: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Colours a text on a terminal; gives it back as it is elsewhere. */
  style(format: Style | readonly Style[], text: string): string;
  styleNote(format: Style | readonly Style[], text: string): string;
};

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "magenta" | "gray";

export type Stream = Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };

export type Streams = { readonly stdout: Stream; readonly stderr: Stream };

export type OutputOptions = {
  /** Each is asked for when it is written to: a process makes its own then, at some cost. */
  readonly streams: Streams;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Colours and cursor movements go to terminals only, and colours not where NO_COLOR is set (no-color.org). */
export function createOutput({ streams, env }: OutputOptions): Output {
  const dumb = env["TERM"] === "dumb";
  const colours = !env["NO_COLOR"] && !dumb;
  const isTerminal = (stream: Stream) => stream.isTTY === true;
  const paint = (stream: Stream, format: Style | readonly Style[], text: string) =>
    colours && isTerminal(stream) ? styleText([format].flat() as Style[], text, { validateStream: false }) : text;
  const hasStatusLine = () => isTerminal(streams.stderr) && !dumb;
  let statusShown = false;

  function clearStatus(): void {
    if (statusShown) streams.stderr.write("\r\u001B[2K");
    statusShown = false;
  }

  return {
    line(text = "") {
      clearStatus();
      streams.stdout.write(`${text}\n`);
    },
    json(value) {
      clearStatus();
      streams.stdout.write(`${toPlainJson(value)}\n`);
    },
    piece(text) {
      clearStatus();
      streams.stdout.write(text);
    },
    note(text) {
      clearStatus();
      streams.stderr.write(`${text}\n`);
    },
    status(text) {
      clearStatus();
      if (text === null || !hasStatusLine()) return;
      streams.stderr.write(text);
      statusShown = true;
    },
    get isTerminal() {
      return isTerminal(streams.stdout);
    },
    get hasStatusLine() {
      return hasStatusLine();
    },
    get width() {
      return streams.stdout.columns ?? 80;
    },
    style: (format, text) => paint(streams.stdout, format, text),
    styleNote: (format, text) => paint(streams.stderr, format, text),
  };
}
