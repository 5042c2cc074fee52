const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Creates a formatter on first use: each takes milliseconds, and the first page needs only one or two. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const clockFormat = lazily(() => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }));
const dayFormat = lazily(() => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" }));
const dayYearFormat = lazily(
  () => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }),
);
const monthFormat = lazily(() => new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric" }));
const fullFormat = lazily(() => new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" }));

/** `4,611`. By hand: a browser's first Intl.NumberFormat takes as long as rendering a screen of cards, and the first page shows counts. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `14:05` in the user's time zone. */
export function formatClock(at: string | number): string {
  return clockFormat().format(new Date(at));
}

/** `12 Nov`, with the year unless it is the current one. Takes an ISO time or a date. */
export function formatDay(at: string, now = Date.now()): string {
  const date = new Date(at.length === 10 ? `${at}T12:00:00` : at);
  return (date.getFullYear() === new Date(now).getFullYear() ? dayFormat() : dayYearFormat()).format(date);
}

/**
 * The last day of what ends at this time, such as a cycle: `6 Dec`. One that ends with a UTC day ends on that calendar day, wherever the user is, since its tracker
 * knows only the day; another ends on the user's day of its last moment.
 */
export function formatLastDay(endsAt: string, now = Date.now()): string {
  const end = Date.parse(endsAt);
  const last = new Date(end - 1).toISOString();
  return formatDay(end % day === 0 ? last.slice(0, 10) : last, now);
}

export function formatFull(at: string): string {
  return fullFormat().format(new Date(at));
}

/** `just now`, `12 s ago`, `4 min ago`, `3 h ago`, `2 d ago`, then the date. */
export function formatAgo(at: string | number, now: number): string {
  const ageMs = now - new Date(at).getTime();
  if (ageMs < 2 * second) return "just now";
  if (ageMs < minute) return `${Math.floor(ageMs / second)} s ago`;
  if (ageMs < hour) return `${Math.floor(ageMs / minute)} min ago`;
  if (ageMs < day) return `${Math.floor(ageMs / hour)} h ago`;
  if (ageMs < 14 * day) return `${Math.floor(ageMs / day)} d ago`;
  return formatDay(new Date(at).toISOString(), now);
}

/** For how long the words of `formatAgo`, `formatBriefly` and `formatAge` stay the same. */
export function agoLastsMs(at: string | number, now: number): number {
  const ageMs = now - new Date(at).getTime();
  const unit = ageMs < minute ? second : ageMs < hour ? minute : ageMs < day ? hour : day;
  // Of what lies in the future, until it is now.
  return ageMs < 0 ? -ageMs : unit - (ageMs % unit);
}

/** The short form for narrow columns: `now`, `12 s`, `2 d`, then the date, or the month in another year. */
export function formatBriefly(at: string | number, now: number): string {
  const words = formatAgo(at, now);
  if (words === "just now") return "now";
  const isOfThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return words.endsWith(" ago")
    ? words.slice(0, -" ago".length)
    : isOfThisYear
      ? words
      : monthFormat().format(new Date(at));
}

/** An age: `12 s`, `4 min`, `3 h`, `2 d`. */
export function formatAge(at: string | number, now: number): string {
  const ageMs = Math.max(0, now - new Date(at).getTime());
  if (ageMs < minute) return `${Math.floor(ageMs / second)} s`;
  if (ageMs < hour) return `${Math.floor(ageMs / minute)} min`;
  return ageMs < day ? `${Math.floor(ageMs / hour)} h` : `${Math.floor(ageMs / day)} d`;
}

/** `in 18 s`, `in 7 min`, then the clock time; `now` when due. */
export function formatUntil(at: string | number, now: number): string {
  const leftMs = new Date(at).getTime() - now;
  if (leftMs < second) return "now";
  if (leftMs < minute) return `in ${Math.ceil(leftMs / second)} s`;
  if (leftMs < hour) return `in ${Math.ceil(leftMs / minute)} min`;
  return leftMs < day ? `at ${formatClock(at)}` : `on ${formatDay(new Date(at).toISOString(), now)}`;
}

/** `1 issue`, `1,200 issues` */
export function formatNumberOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
