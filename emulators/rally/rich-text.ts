import { marked } from "marked";

/** Converts markdown to the HTML that Rally's editor would store. */
export function toHtml(markdown: string): string {
  if (markdown === "") return "";
  return marked
    .parse(markdown, { async: false, gfm: true })
    .replaceAll(/<input ([^>]*?)type="checkbox"[^>]*> /g, (_, attributes: string) =>
      // The editor has no checkboxes: people type them.
      attributes.includes("checked") ? "[x] " : "[ ] ",
    )
    .trim();
}
