import { JqlError } from "./jql-parse.ts";

/** A JQL time in milliseconds. Bare epoch milliseconds are exact; quoted times have minute precision in the account's time zone; `-5d` is relative to now. */
export function readJqlTime(
  text: string,
  field: string,
  account: { readonly timeZone: string; readonly now: number },
): number {
  if (/^-?\d{5,}$/.test(text)) return Number(text);
  const period = /^([+-]?)((?:\d+[wdhm]\s*)+)$/.exec(text.trim());
  if (period !== null) {
    const units: Readonly<Record<string, number>> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000 };
    const span = [...(period[2] ?? "").matchAll(/(\d+)([wdhm])/g)].reduce(
      (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
      0,
    );
    return account.now + (period[1] === "-" ? -span : span);
  }
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: (\d{1,2}):(\d{2}))?$/.exec(text.trim());
  if (match === null) {
    throw new JqlError(
      `Date value '${text}' for field '${field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
    );
  }
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  // The offset at that wall time, computed twice because it may change in between.
  const first = wall - offsetAt(wall, account.timeZone);
  return wall - offsetAt(first, account.timeZone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A time zone's offset from UTC at a moment, in milliseconds. */
function offsetAt(time: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(time / 1_000) * 1_000;
}
