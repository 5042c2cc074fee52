import type { RefReader } from "../tracker.ts";

const written = /^([A-Za-z][A-Za-z0-9_]*)-([1-9]\d*)$/;
const address =
  /^https?:\/\/([^/\s]+)\/[^/\s]+\/issue\/([A-Za-z][A-Za-z0-9_]*)-([1-9]\d*)(?:\/[^\s?#]*)?(?:[?#]\S*)?$/i;

/** Parses `MIN-123` and issue URLs. Keys are upper case in Linear and accepted in any case. */
export const linearRefs: RefReader = {
  parse(text) {
    const trimmed = text.trim();
    const short = written.exec(trimmed);
    if (short !== null) return { key: keyOf(short[1], short[2]), prefix: null, sourceKey: null, host: null };
    const url = address.exec(trimmed);
    if (url === null) return null;
    return { key: keyOf(url[2], url[3]), prefix: null, sourceKey: null, host: url[1]?.toLowerCase() ?? null };
  },
  shortForms: ({ key, url }) => {
    const [, base, slug = ""] = /^(https?:\/\/[^?#]*\/issue\/)([^?#]*)$/.exec(url) ?? [];
    const prefix = key.replace(/\d+$/, "");
    return base === undefined || !slug.startsWith(prefix) ? [] : [{ prefix, url: base + prefix }];
  },
  format: ({ prefix, key }) => `${prefix}${key}`,
};

function keyOf(team: string | undefined, number: string | undefined): string {
  return `${(team ?? "").toUpperCase()}-${number ?? ""}`;
}
