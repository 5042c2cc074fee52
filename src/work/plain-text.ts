/** Control characters other than line breaks and tabs. */
const controls = /[^\P{Cc}\n\t]/gu;

/** Terminal sequences: CSI up to its letter, OSC up to its end, and two-character escapes. */
// eslint-disable-next-line no-control-regex -- these are removed
const commands = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[ -/]*[0-~])/g;

/** Text without control characters; line breaks become `\n`, tabs stay. */
export function plainText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(controls, "").toWellFormed();
}

/** A terminal's output as a person reads it. */
export function plainLines(output: string): string {
  return plainText(output.replace(commands, ""));
}

/** A terminal's line as a person reads it. */
export function plainLine(line: string): string {
  return plainLines(line).replace(/\s+/g, " ").trim();
}
