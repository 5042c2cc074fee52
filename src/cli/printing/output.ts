import { styleText } from "node:util";
import { toPlainJson } from "./plain-json.ts";
import { wrapLines } from "./wrap-lines.ts";

/** Where commands write. Untrusted text must go through `plainText` or `plainLine` first. */
export type Output = {
  /** Requested output, to standard output. */
  line(text?: string): void;
  /** Sentences, to standard output; on a terminal, long lines are broken between words and continued `indent` columns further in. */
  sentences(text: string, indent?: number): void;
  json(value: unknown): void;
  /** Raw text to standard output, without a newline. */
  piece(text: string): void;
  /** Additional information, to standard error; on a terminal, long lines are broken between words. */
  note(text: string): void;
  /** A line on standard error that the next one replaces; ignored if standard error is not a terminal. */
  status(text: string | null): void;
  readonly isTerminal: boolean;
  /** Whether standard error is a terminal. */
  readonly hasStatusLine: boolean;
  /** The terminal's columns. */
  readonly width: number;
  /** Styles a text on a terminal; returns it unchanged elsewhere. */
  style(format: Style | readonly Style[], text: string): string;
  styleNote(format: Style | readonly Style[], text: string): string;
};

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "magenta" | "gray";

export type Stream = Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };

export type Streams = { readonly stdout: Stream; readonly stderr: Stream };

export type OutputOptions = {
  /** Getters, because a process creates these streams on first access, at some cost. */
  readonly streams: Streams;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Sends colours and cursor movements to terminals only, and no colours if NO_COLOR is set (no-color.org). */
export function createOutput({ streams, env }: OutputOptions): Output {
  const dumb = env["TERM"] === "dumb";
  const colours = !env["NO_COLOR"] && !dumb;
  const isTerminal = (stream: Stream) => stream.isTTY === true;
  const paint = (stream: Stream, format: Style | readonly Style[], text: string) =>
    colours && isTerminal(stream) ? styleText([format].flat() as Style[], text, { validateStream: false }) : text;
  const hasStatusLine = () => isTerminal(streams.stderr) && !dumb;
  const fit = (stream: Stream, text: string, indent?: number) =>
    isTerminal(stream) ? wrapLines(text, stream.columns ?? 80, indent) : text;
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
    sentences(text, indent) {
      clearStatus();
      streams.stdout.write(`${fit(streams.stdout, text, indent)}\n`);
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
      streams.stderr.write(`${fit(streams.stderr, text)}\n`);
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
