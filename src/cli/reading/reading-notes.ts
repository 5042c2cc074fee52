import type { Context } from "../context.ts";
import { describeAgo } from "../printing/describe-time.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { serverIsSilent } from "../server/silent-server.ts";
import type { IssuesQuery, Reading } from "./reading.ts";

/** If a filter finds nothing, prints to standard error which of its words no issue has. */
export async function noteUnknownWords(
  { out }: Context,
  reading: Reading,
  written: IssuesQuery["written"],
): Promise<void> {
  if (reading.mirrorAge?.at === "empty") return;
  const { describeUnknownWords } = await import("./unknown-filter-words.ts");
  for (const note of describeUnknownWords(written, await reading.facets())) out.note(plainLine(note));
}

/** Warns on standard error that a text without letters, digits or emoji filters nothing, because punctuation is not searched. */
export function noteUnsearchable({ out }: Context, written: IssuesQuery["written"]): void {
  const text = written.flatMap(([key, value]) => (key === "q" ? [value.trim()] : [])).join(" ");
  if (text === "" || /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(text)) return;
  out.note(plainLine(`“${text}” has no letter, digit or emoji to search for, so it filters nothing.`));
}

/** Prints the age of a mirror that no server keeps up to date to standard error. `options`: those of a command with `--sync`. */
export function noteMirrorAge(context: Context, { mirrorAge }: Reading, options?: { readonly sync?: boolean }): void {
  if (mirrorAge === null) return;
  const { out, clock } = context;
  const { at, silent } = mirrorAge;
  if (silent !== undefined) {
    const { message, hint = "" } = serverIsSilent(silent);
    out.note(
      `${message} This is from the mirror${typeof at === "number" ? `, last synced ${describeAgo(at, clock.now())}` : ""}.`,
    );
    out.note(hint);
    return;
  }
  const ask =
    options === undefined ? ", or sync once with pan sync" : options.sync ? "" : ", or add --sync to sync first";
  const hint = `keep it fresh with pan up${ask}.`;
  if (at === "empty") out.note("Nothing is mirrored yet. Run pan up or pan sync.");
  else if (at === "never") out.note(`The mirror is incomplete because a first sync has not finished; ${hint}`);
  else out.note(`From the mirror, last synced ${describeAgo(at, clock.now())}; ${hint}`);
}
