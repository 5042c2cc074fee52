import type { AnswerHeaders } from "./http-client.ts";
import { PanopticonError } from "../../domain/error.ts";

/** Parses a `Link` header (RFC 8288) into URLs by relation; the URLs stay as written. */
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

/**
 * The URL of the next page; null on the last one. Always on `origin`, whatever the link says: servers behind a proxy use their internal scheme and host name
 * (http for https), and the credentials go nowhere else. Throws `invalid_response` if the link is not a valid URL.
 */
export function nextLink(headers: AnswerHeaders, origin: string): string | null {
  const link = parseLinks(headers.get("link"))["next"];
  if (link === undefined) return null;
  const own = new URL(origin).origin;
  const url = URL.parse(link, own);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new PanopticonError("invalid_response", "The link to the next page of a list is not a valid address.", {
      hint: "A proxy may be rewriting addresses.",
    });
  }
  return own + url.pathname + url.search;
}
