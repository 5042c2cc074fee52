/** One line in the making. What it ends with is known without putting it together: a line can have a hundred thousand parts. */
export type LineBuilder = {
  add(text: string): void;
  /** Its last character; "" while it is empty. */
  last(): string;
  /** Takes the blanks off its end, and gives them. */
  takeBlanks(): string;
  /** Marks its last character with a backslash. */
  escapeLast(): void;
  /** Gives the line, and begins another one. */
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

/** A text's first character, which may take two units; "" of none. */
export function firstCharacter(text: string): string {
  return /^./su.exec(text.slice(0, 2))?.[0] ?? "";
}

export function lastCharacter(text: string): string {
  return /.$/su.exec(text.slice(-2))?.[0] ?? "";
}
