import { PanopticonError } from "../../domain/error.ts";
import { shorten } from "./unknown-word.ts";
import type { ChangeTracker } from "../changes.ts";

/** Reads a title on one line. Throws `invalid_input` for an empty one, and for one that the tracker would not accept. */
export function readTitle(written: unknown, tracker: ChangeTracker): string {
  const title = readText(written, "title").replace(/\s+/gu, " ").trim();
  if (title === "") {
    throw new PanopticonError("invalid_input", "The title is empty.", { hint: "Every issue needs a title." });
  }
  const most = tracker.writing.texts.title ?? longestTitle;
  if (title.length > most) throw tooLong("title", title.length, most, tracker.label);
  return title;
}

/** Maximum lengths in characters. Longer texts would make every list that reads or sends an issue as large. */
const longestBody = 1_000_000;
const longestTitle = 10_000;

/** Reads Markdown. Throws `invalid_input` for a text longer than the tracker accepts. */
export function readBody(written: unknown, tracker: ChangeTracker, noun: "body" | "comment" = "body"): string {
  const body = readText(written, noun).replaceAll("\r\n", "\n");
  const most = Math.min(tracker.writing.texts.body ?? longestBody, longestBody);
  if (body.length > most) throw tooLong(noun, body.length, most, most < longestBody ? tracker.label : "Panopticon");
  return body;
}

/** Throws `invalid_input` for a comment without a text. */
export function readComment(written: unknown, tracker: ChangeTracker): string {
  const body = readBody(written, tracker, "comment");
  if (body.trim() !== "") return body;
  throw new PanopticonError("invalid_input", "The comment is empty.");
}

/** Reads a date, `2026-11-22`; null for none. */
export function readDay(written: unknown, noun: string): string | null {
  if (written === null) return null;
  const day = readText(written, noun).trim();
  // Date.parse rolls 31 June over to July.
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(day)) return day;
  throw new PanopticonError("invalid_input", `The ${noun} “${shorten(day)}” is not a valid date.`, {
    hint: "Write it as 2026-11-22.",
  });
}

/** Reads a non-negative number; null for none. */
export function readEstimate(written: unknown): number | null {
  if (written === null) return null;
  const estimate = readNumber(written, "estimate");
  if (estimate >= 0) return estimate;
  throw new PanopticonError("invalid_input", "The estimate is negative.", { hint: "Use zero or more." });
}

/** Throws `invalid_input` for anything but a finite number. */
export function readNumber(written: unknown, noun: string): number {
  if (typeof written === "number" && Number.isFinite(written)) return written;
  throw new PanopticonError("invalid_input", `The ${noun} is not a number.`);
}

/** Throws `invalid_input` for anything but a text. */
export function readText(written: unknown, noun: string): string {
  if (typeof written === "string") return written;
  throw new PanopticonError("invalid_input", `The ${noun} is not text.`);
}

/** Reads names, without empty ones and duplicates. */
export function readNames(written: unknown, noun: string): readonly string[] {
  if (written === undefined) return [];
  if (!Array.isArray(written)) throw new PanopticonError("invalid_input", `The ${noun} are not a list.`);
  const names = written.map((name) => readText(name, noun).trim());
  return [...new Set(names.filter((name) => name !== ""))];
}

function tooLong(noun: string, length: number, most: number, whose: string): PanopticonError {
  const characters = (count: number) => `${count.toLocaleString("en")} characters`;
  return new PanopticonError(
    "invalid_input",
    `The ${noun} has ${characters(length)}; the limit of ${whose} is ${characters(most)}.`,
    {
      hint:
        noun === "title"
          ? "Shorten it."
          : `Shorten it, or move the rest to ${noun === "body" ? "a" : "another"} comment or a file.`,
    },
  );
}
