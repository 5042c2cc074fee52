/** An address that a tracker gave, as a link may follow it; undefined for anything but the web: no script, no file of this machine. */
export function outsideAddress(written: string): string | undefined {
  const url = URL.parse(written);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}
