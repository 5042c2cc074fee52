import { PanopticonError } from "../../domain/error.ts";

/** The relations of a `Link` header (RFC 8288) by name; addresses as they stand. */
export function parseLinks(header: string | null): Readonly<Record<string, string>> {
  const links: Record<string, string> = {};
  for (const match of (header ?? "").matchAll(/<([^>]*)>((?:\s*;\s*[^,;"]+(?:"[^"]*")?)*)/g)) {
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(match[2] ?? "");
    for (const name of (relation?.[1] ?? relation?.[2] ?? "").toLowerCase().split(/\s+/)) {
      if (name !== "" && match[1] !== undefined) links[name] ??= match[1];
    }
  }
  return links;
}

/** The address of the next page, or null on the last one. Throws `invalid_response` when it leads to another origin: the credentials go nowhere else. */
export function nextLink(headers: Headers, origin: string): string | null {
  const link = parseLinks(headers.get("link"))["next"];
  if (link === undefined) return null;
  const own = new URL(origin).origin;
  const url = URL.parse(link, own);
  if (url === null || url.origin !== own) {
    throw new PanopticonError(
      "invalid_response",
      `The next page of a list lies at ${url?.origin ?? "an unreadable address"} instead of ${own}; it is not followed.`,
      { hint: "A proxy in between may rewrite addresses; set the server's public address." },
    );
  }
  return url.href;
}
