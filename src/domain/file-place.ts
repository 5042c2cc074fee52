/** Where a tracker stores files: an origin, `https://files.example`, and a path prefix, `/uploads/`; `*` matches one path segment. */
export type FilePlace = { readonly origin: string; readonly path: string };

/** Whether a file's URL is in a place: compares scheme, host, port and path prefix, as parsed by a browser. */
export function liesIn({ origin, path }: FilePlace, url: URL): boolean {
  if (url.origin !== origin) return false;
  const parts = url.pathname.split("/");
  const expected = path.split("/");
  const last = expected.length - 1;
  return expected.every((part, index) => {
    const own = parts[index];
    if (own === undefined) return false;
    if (part === "*") return own !== "";
    return index === last ? own.startsWith(part) : own === part;
  });
}
