const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** `3 hours`, `1 minute`, `less than a second`; rounded down. */
export function describeDuration(ms: number): string {
  for (const [name, size] of units) {
    const count = Math.floor(ms / size);
    if (count >= 1) return `${groupDigits(count)} ${name}${count === 1 ? "" : "s"}`;
  }
  return "less than a second";
}

/** `3 hours ago`; `never` for null. */
export function describeAgo(time: number | string | null, now: number): string {
  if (time === null) return "never";
  const ms = now - (typeof time === "string" ? Date.parse(time) : time);
  return ms < 1000 ? "just now" : `${describeDuration(ms)} ago`;
}

/** `at 14:05, in 12 minutes`, in local time. For times within a day. */
export function describeUntil(time: number, now: number): string {
  const date = new Date(time);
  // By hand, like numbers below.
  const clock = [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
  return `at ${clock}, in ${describeDuration(time - now)}`;
}

/** A short age for tables: `3h`, `12d`. */
export function shortAge(time: string, now: number): string {
  const ms = Math.max(0, now - Date.parse(time));
  for (const [name, size] of units) if (ms >= size) return `${Math.floor(ms / size)}${name[0]}`;
  return "now";
}

/** `1,234 issues`, `1 issue`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${groupDigits(number)} ${number === 1 ? one : many}`;
}

/** `12,345`. By hand: the first use of Intl takes a tenth of a listing's time. */
export function groupDigits(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
