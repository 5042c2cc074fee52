import type { Context } from "../context.ts";
import { describeAgo } from "../printing/describe-time.ts";
import { plainLine } from "../printing/plain-text.ts";
import { serverIsSilent } from "../server/silent-server.ts";
import type { IssuesQuery, Reading } from "./reading.ts";

/** Says on standard error which words of a filter that finds nothing no issue has. */
export async function noteUnknownWords(
  { out }: Context,
  reading: Reading,
  written: IssuesQuery["written"],
): Promise<void> {
  if (reading.mirrorAge?.at === "empty") return;
  const { describeUnknownWords } = await import("./unknown-filter-words.ts");
  for (const note of describeUnknownWords(written, await reading.facets())) out.note(plainLine(note));
}

/** Says on standard error that a text to look for is none: signs are not looked for, so it leaves nothing out. */
export function noteUnsearchable({ out }: Context, written: IssuesQuery["written"]): void {
  const text = written.flatMap(([key, value]) => (key === "q" ? [value.trim()] : [])).join(" ");
  if (text === "" || /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(text)) return;
  out.note(plainLine(`“${text}” has no letter, digit or emoji to search for, so it filters nothing.`));
}

/** Says on standard error how old a mirror is that no server keeps fresh. `options`: those of a command that takes `--sync`. */
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
