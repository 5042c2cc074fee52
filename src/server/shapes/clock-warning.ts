/** Smaller differences are not noticeable: they distort ages of minutes, not of hours. */
const muchSkewMs = 120_000;

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

export type ClockWarning = { readonly message: string; readonly hint: string };

/** The warning if this machine's clock differs from a tracker's, which is `aheadMs` ahead of it; null for a harmless difference. */
export function clockWarning(label: string, aheadMs: number): ClockWarning | null {
  const skewMs = Math.abs(aheadMs);
  if (skewMs < muchSkewMs) return null;
  // A day minus a second still counts as a day.
  const [name, size] = units.find(([, one]) => Math.round(skewMs / one) >= 1 && skewMs > one * 0.9) ?? units[2];
  const amount = Math.round(skewMs / size);
  return {
    message: `This machine's clock is ${amount} ${name}${amount === 1 ? "" : "s"} ${aheadMs > 0 ? "behind" : "ahead of"} ${label}'s.`,
    hint: "Set it from the network (`timedatectl set-ntp true`). No changes are missed because of it, but the ages shown are wrong.",
  };
}
