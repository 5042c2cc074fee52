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

export type OutputOptions = {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Colours and cursor movements go to terminals only, and colours not where NO_COLOR is set (no-color.org). */
export function createOutput({ stdout, stderr, env }: OutputOptions): Output {
  const dumb = env["TERM"] === "dumb";
  const colours = !env["NO_COLOR"] && !dumb;
  const isTerminal = stdout.isTTY === true;
  const hasStatusLine = stderr.isTTY === true && !dumb;
  const paint = (on: boolean) => (format: Style | readonly Style[], text: string) =>
    on ? styleText([format].flat() as Style[], text, { validateStream: false }) : text;
  let statusShown = false;

  function clearStatus(): void {
    if (statusShown) stderr.write("\r\u001B[2K");
    statusShown = false;
  }

  return {
    line(text = "") {
      clearStatus();
      stdout.write(`${text}\n`);
    },
    json(value) {
      clearStatus();
      stdout.write(`${toPlainJson(value)}\n`);
    },
    piece(text) {
      clearStatus();
      stdout.write(text);
    },
    note(text) {
      clearStatus();
      stderr.write(`${text}\n`);
    },
    status(text) {
      if (!hasStatusLine) return;
      clearStatus();
      if (text === null) return;
      stderr.write(text);
      statusShown = true;
    },
    isTerminal,
    hasStatusLine,
    width: stdout.columns ?? 80,
    style: paint(isTerminal && colours),
    styleNote: paint(stderr.isTTY === true && colours),
  };
}
