import { plainText } from "../../../domain/plain-text.ts";

/** Lines that only frame or divide. */
const rule = /^[\u2500-\u259F\s]+$/u;
const frame = /^[│┃╎|\s]+|[│┃╎|\s]+$/gu;

/** A line of a screen, without the frame around it. */
export type ScreenLine = {
  readonly text: string;
  /** Where the text begins in its row. */
  readonly column: number;
  /** Its row on the screen, from 0. */
  readonly row: number;
};

/** The lines of a terminal's screen that say something, as plain text without the frames that full-screen programs draw around it. */
export function screenLines(screen: string): readonly ScreenLine[] {
  return plainText(screen)
    .split("\n")
    .flatMap((line, row) => {
      const text = rule.test(line) ? "" : line.replace(frame, "");
      return text === "" || text.startsWith("Pane is dead") ? [] : [{ text, column: line.indexOf(text), row }];
    });
}
