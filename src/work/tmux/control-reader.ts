/** tmux's messages in control mode, in order. https://github.com/tmux/tmux/wiki/Control-Mode */
export type ControlEvent =
  /** Output of programs in the session, unchanged. */
  | { readonly kind: "output"; readonly bytes: Buffer }
  /** The reply to one of our commands: its lines, or the error. */
  | { readonly kind: "reply"; readonly ok: boolean; readonly lines: readonly Buffer[] }
  /** `%layout-change @0 …`, `%exit`, … */
  | { readonly kind: "notice"; readonly words: readonly string[] };

const newline = 0x0a;
const space = 0x20;
const backslash = 0x5c;
const ours = "1";

/**
 * Parses what a control client prints, in any pieces. A reply ends only with the guard that repeats its beginning, so lines of a screen that look like tmux's
 * own stay lines. A program that guesses the guard only spoils the picture of its own terminal.
 */
export function createControlReader(): (chunk: Buffer) => readonly ControlEvent[] {
  let rest: Buffer[] = [];
  let reply: { readonly guard: string; readonly ours: boolean; readonly lines: Buffer[] } | null = null;

  function readLine(line: Buffer): ControlEvent | null {
    if (reply !== null) {
      const ends = isGuard(line, "%end ", reply.guard);
      if (!ends && !isGuard(line, "%error ", reply.guard)) {
        reply.lines.push(line);
        return null;
      }
      const { lines, ours: asked } = reply;
      reply = null;
      return asked ? { kind: "reply", ok: ends, lines } : null;
    }
    if (startsWith(line, "%output ")) return { kind: "output", bytes: unescape(line, after(line, 1, 8)) };
    if (startsWith(line, "%extended-output ")) {
      const colon = line.indexOf(" : ");
      return colon < 0 ? null : { kind: "output", bytes: unescape(line, colon + 3) };
    }
    const words = line.toString("utf8").split(" ");
    if (words[0] === "%begin") {
      reply = { guard: words.slice(1).join(" "), ours: words[3] === ours, lines: [] };
      return null;
    }
    return { kind: "notice", words };
  }

  return (chunk) => {
    const events: ControlEvent[] = [];
    let begin = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, begin)) {
      const piece = chunk.subarray(begin, end);
      const event = readLine(rest.length === 0 ? piece : Buffer.concat([...rest, piece]));
      rest = [];
      begin = end + 1;
      if (event !== null) events.push(event);
    }
    if (begin < chunk.length) rest.push(chunk.subarray(begin));
    return events;
  };
}

function startsWith(line: Buffer, word: string): boolean {
  return line.length >= word.length && line.toString("latin1", 0, word.length) === word;
}

function isGuard(line: Buffer, word: string, guard: string): boolean {
  return line.length === word.length + guard.length && line.toString("latin1") === word + guard;
}

/** The start of the text after a number of words. */
function after(line: Buffer, words: number, from: number): number {
  let at = from;
  for (let word = 0; word < words; word += 1) {
    const next = line.indexOf(space, at);
    if (next < 0) return line.length;
    at = next + 1;
  }
  return at;
}

/** tmux writes control characters and backslashes as three octal digits. */
function unescape(line: Buffer, from: number): Buffer {
  const bytes = Buffer.allocUnsafe(line.length - from);
  let length = 0;
  for (let at = from; at < line.length; at += 1) {
    const byte = line[at] ?? 0;
    if (byte === backslash) {
      bytes[length] = (digit(line[at + 1]) << 6) | (digit(line[at + 2]) << 3) | digit(line[at + 3]);
      at += 3;
    } else bytes[length] = byte;
    length += 1;
  }
  return bytes.subarray(0, length);
}

function digit(byte: number | undefined): number {
  return ((byte ?? 0x30) - 0x30) & 7;
}
