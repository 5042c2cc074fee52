/** A tracker's URL made safe to link to; undefined for anything but http and https, such as scripts and local files. */
export function outsideAddress(written: string): string | undefined {
  const url = URL.parse(written);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}
