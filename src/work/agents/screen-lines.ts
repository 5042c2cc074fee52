import { plainText } from "../../domain/plain-text.ts";

/** Lines that only frame or divide. */
const rule = /^[\u2500-\u259F\s]+$/u;
const frame = /^[│┃╎|\s]+|[│┃╎|\s]+$/gu;

/** The lines of a terminal's screen that say something, as plain text without the frames that full-screen programs draw around it. */
export function screenLines(screen: string): readonly string[] {
  return plainText(screen)
    .split("\n")
    .filter((line) => !rule.test(line))
    .map((line) => line.replace(frame, ""))
    .filter((line) => line !== "" && !line.startsWith("Pane is dead"));
}
