import type { RefReader } from "../tracker.ts";

const key = "([A-Za-z][A-Za-z0-9_]+)-([1-9]\\d*)";
const written = new RegExp(`^${key}$`);
/** `/browse/PROJ-88`, also below a context path, and `/projects/PROJ/issues/PROJ-88`. */
const address = new RegExp(`^https?://([^/\\s]+)/(?:[^\\s?#]*/)?(?:browse|issues)/${key}/?(?:[?#]\\S*)?$`, "i");
/** A board or backlog with the issue opened in it. */
const selected = new RegExp(`^https?://([^/\\s]+)/[^\\s?#]*\\?(?:\\S*&)?selectedIssue=${key}(?:[&#]\\S*)?$`, "i");

/** Parses `PROJ-88` and issue URLs. Keys are upper case in Jira and accepted in any case. */
export const jiraRefs: RefReader = {
  formerKeys: true,
  parse(text) {
    const trimmed = text.trim();
    const short = written.exec(trimmed);
    if (short !== null) return { key: keyOf(short[1], short[2]), prefix: null, sourceKey: null, host: null };
    const url = address.exec(trimmed) ?? selected.exec(trimmed);
    if (url === null) return null;
    return { key: keyOf(url[2], url[3]), prefix: null, sourceKey: null, host: url[1]?.toLowerCase() ?? null };
  },
  shortForms: ({ key, url }) => {
    if (!/^https?:/.test(url) || !url.endsWith(`/browse/${key}`)) return [];
    const number = /\d+$/.exec(key)?.[0] ?? "";
    return [{ prefix: key.slice(0, -number.length), url: url.slice(0, -number.length) }];
  },
  format: ({ prefix, key: own }) => `${prefix}${own}`,
};

function keyOf(project: string | undefined, number: string | undefined): string {
  return `${(project ?? "").toUpperCase()}-${number ?? ""}`;
}

/** `PROJ-88` → `PROJ`. */
export function projectKeyOf(issueKey: string): string {
  return issueKey.slice(0, Math.max(0, issueKey.lastIndexOf("-")));
}
