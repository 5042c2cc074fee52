/** A place where a tracker keeps files: `https://files.example`, and the paths below it that hold them, `/uploads/`; `*` stands for one part of a path. */
export type FilePlace = { readonly origin: string; readonly path: string };

/** Whether a file lies in a place, as a browser reads its address: by scheme, host, port and the beginning of its path. */
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
