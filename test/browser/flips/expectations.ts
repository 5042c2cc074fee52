import type { ShownValue } from "./shown-record.ts";

/** What the user made of a field of an issue. */
export type Wanted = {
  readonly issue: { readonly ref: string; readonly address: string };
  readonly field: string;
  /** In words, for a failure. */
  readonly what: string;
  /** Whether a shown value has the change. */
  readonly holds: (value: string) => boolean;
  /** `Date.now()` just before the key or click that made it. */
  readonly at: number;
  /** Set when the user changed it again or undid it. */
  until: number;
};

/** Everything that was shown against the user's changes, as sentences. */
export function findFlips(record: readonly ShownValue[], wanted: readonly Wanted[]): string[] {
  return wanted.flatMap((want) => {
    const pressed = record.findIndex(({ place, at }) => place === "press" && at >= want.at);
    if (pressed < 0) return [];
    const own = record.filter(
      ({ issue, field, at }) =>
        at > want.at - 2000 && field === want.field && [want.issue.ref, want.issue.address].includes(issue),
    );
    const after = new Set(record.slice(pressed));
    return own
      .filter((one) => after.has(one) && one.at < want.until && !want.holds(one.value))
      .map(({ at, place, value }) => {
        const seen = own
          .filter((one) => one.place === place)
          .map((one) => `${one.at - want.at} ms: ${JSON.stringify(one.value.slice(0, 200))}`);
        return `${want.what}: ${at - want.at} ms later the ${place} shows “${value}”\n  ${seen.join("\n  ")}`;
      });
  });
}
