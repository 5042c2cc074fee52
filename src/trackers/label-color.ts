/** A label's color as trackers write it, with or without `#`, as lowercase `#rrggbb`; null for anything else. */
export function toLabelColor(written: string | null | undefined): string | null {
  const digits = /^#?([0-9a-f]{6})$/i.exec(written ?? "")?.[1];
  return digits === undefined ? null : `#${digits.toLowerCase()}`;
}
