import { marked } from "marked";

/** The HTML that Rally's editor would keep of a text that was thought of as markdown. */
export function toHtml(markdown: string): string {
  if (markdown === "") return "";
  return marked
    .parse(markdown, { async: false, gfm: true })
    .replaceAll(/<input ([^>]*?)type="checkbox"[^>]*> /g, (_, attributes: string) =>
      // The editor has no boxes to tick: people write them.
      attributes.includes("checked") ? "[x] " : "[ ] ",
    )
    .trim();
}
