import { plainLine } from "../../domain/plain-text.ts";

const escape = 0x1b;
const bell = 0x07;
const backslash = 0x5c;
const bracket = 0x5d;
const stringStarts = new Set([0x50, 0x58, 0x5e, 0x5f]);
const longest = 4_096;

/** A program's request for attention through the terminal. */
export type Attention = {
  readonly kind: "bell" | "notification";
  readonly text: string | null;
  /** Its end, in bytes from the first one read. */
  readonly at: number;
};

export type TerminalOutput = {
  /** In order. */
  readonly attention: readonly Attention[];
  /** The bytes that change what the terminal shows: not those of window titles, which programs also update while they wait, and of other such strings. */
  readonly shown: number;
};

/** OSC 99 with these tells nobody anything: a program asks what the terminal can do, or manages an earlier notification. */
const silent = /(?:^|:)p=(?:\?|alive|close)/u;

/**
 * Finds bells and desktop notifications in terminal output: BEL outside a sequence, and the OSC codes 9, 99 and 777. Accepts output in any pieces. OSC 9;4 is a
 * progress bar (ConEmu), not a notification. OSC 99: https://sw.kovidgoyal.net/kitty/desktop-notifications/.
 */
export function createAttentionReader(): (chunk: Uint8Array) => TerminalOutput {
  let state: "text" | "escape" | "osc" | "string" | "end" = "text";
  let within: "osc" | "string" = "osc";
  let collected: number[] = [];
  let position = 0;
  const finish = (): readonly Attention[] => {
    const text = Buffer.from(collected).toString("utf8");
    collected = [];
    state = "text";
    return within === "osc" ? readOsc(text, position) : [];
  };
  return (chunk) => {
    const found: Attention[] = [];
    let shown = 0;
    for (const byte of chunk) {
      position += 1;
      if (state === "text") {
        if (byte === bell) found.push({ kind: "bell", text: null, at: position });
        else if (byte === escape) state = "escape";
        else shown += 1;
      } else if (state === "escape") {
        collected = [];
        within = byte === bracket ? "osc" : "string";
        state = byte === bracket ? "osc" : stringStarts.has(byte) ? "string" : byte === escape ? "escape" : "text";
      } else if (state === "end") {
        if (byte === backslash) found.push(...finish());
        else state = within;
      } else if (byte === bell && state === "osc") {
        found.push(...finish());
      } else if (byte === escape) {
        state = "end";
      } else if (collected.length < longest) {
        collected.push(byte);
      } else {
        // No sequence is that long: what follows is text again.
        collected = [];
        state = "text";
      }
    }
    return { attention: found, shown };
  };
}

function readOsc(text: string, at: number): readonly Attention[] {
  const [code = "", ...rest] = text.split(";");
  const words = plainLine(rest.join(";"));
  if (code === "9" && !words.startsWith("4;")) return [{ kind: "notification", text: words || null, at }];
  if (code === "777" && rest[0] === "notify")
    return [{ kind: "notification", text: rest.slice(1).join(": ") || null, at }];
  if (code === "99" && !silent.test(rest[0] ?? ""))
    return [{ kind: "notification", text: rest.slice(1).join(";") || null, at }];
  return [];
}
