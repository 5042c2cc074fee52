import { fieldOf } from "../../http/parse-body.ts";
import { type Attribute, kindOf } from "../attributes.ts";
import { markdownToHtml } from "../text/markdown-to-html.ts";
import { htmlToMarkdown } from "../text/html-to-markdown.ts";
import { isSameText } from "../text/same-text.ts";
import { oidOf } from "../schema.ts";
import { findUnsayable } from "../text/unsayable.ts";

/** An attribute's value in form format (the inverse of `toWireValue`); undefined if a form could not restore it. */
export function toFormValue(attribute: Attribute, held: unknown, server: string): unknown {
  if (held === undefined) return undefined;
  if (held === null || held === "") return null;
  const ref = fieldOf(held, "_ref");
  const type = fieldOf(held, "_type");
  switch (kindOf(attribute)) {
    case "number":
      return typeof held === "number" ? held : undefined;
    case "date":
      return typeof held === "string" ? dayOf(held) : undefined;
    case "person":
      return typeof ref === "string" ? oidOf(ref) : undefined;
    case "markdown":
      return typeof held === "string" ? textOf(held, server) : undefined;
    case "text":
      return typeof held === "string" ? held : undefined;
    case "choice":
      if (attribute.AttributeType === "BOOLEAN") return String(held === true);
      if (typeof held === "string") return held;
      return typeof ref === "string" && typeof type === "string" ? `/${type.toLowerCase()}/${oidOf(ref)}` : undefined;
    default:
      // Reading a collection's members needs another request.
      return undefined;
  }
}

/** Dates are stored as a moment in the workspace's time zone: up to noon it is the same date in UTC, later it may be the next one there. */
function dayOf(moment: string): string | undefined {
  const [day, time = ""] = moment.split("T");
  return time <= "12:00:00.000Z" ? day : undefined;
}

function textOf(html: string, server: string): string | undefined {
  const markdown = htmlToMarkdown(html, server);
  const again = htmlToMarkdown(markdownToHtml(markdown, server), server);
  return findUnsayable(html).length === 0 && isSameText(markdown, again, server) ? markdown : undefined;
}
