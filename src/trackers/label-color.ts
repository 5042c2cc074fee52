/** A label's colour as trackers write it, with or without `#`, as `#rrggbb` in small letters; null for anything else. */
export function toLabelColor(written: string | null | undefined): string | null {
  const digits = /^#?([0-9a-f]{6})$/i.exec(written ?? "")?.[1];
  return digits === undefined ? null : `#${digits.toLowerCase()}`;
}
