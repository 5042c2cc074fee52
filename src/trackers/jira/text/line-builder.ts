/** Builds a line. Knows its end without concatenating the parts, because a line can have a hundred thousand of them. */
export type LineBuilder = {
  add(text: string): void;
  /** The last character; "" if the line is empty. */
  last(): string;
  /** Removes and returns the trailing spaces. */
  takeBlanks(): string;
  /** Escapes the last character with a backslash. */
  escapeLast(): void;
  /** Returns the line and starts another one. */
  take(): string;
};

export function createLineBuilder(): LineBuilder {
  let parts: string[] = [];

  return {
    add(text) {
      if (text !== "") parts.push(text);
    },
    last: () => lastCharacter(parts.at(-1) ?? ""),
    takeBlanks() {
      let blanks = "";
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
        const kept = part.trimEnd();
        blanks = part.slice(kept.length) + blanks;
        if (kept === "") continue;
        parts.push(kept);
        break;
      }
      return blanks;
    },
    escapeLast() {
      const part = parts.pop();
      if (part !== undefined) parts.push(`${part.slice(0, -1)}\\${part.slice(-1)}`);
    },
    take() {
      const line = parts.join("");
      parts = [];
      return line;
    },
  };
}

/** A text's first character, which may be two code units; "" if the text is empty. */
export function firstCharacter(text: string): string {
  return /^./su.exec(text.slice(0, 2))?.[0] ?? "";
}

export function lastCharacter(text: string): string {
  return /.$/su.exec(text.slice(-2))?.[0] ?? "";
}
