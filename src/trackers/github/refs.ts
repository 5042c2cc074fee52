import type { RefReader } from "../tracker.ts";

const word = "[A-Za-z0-9_.-]+";
const written = new RegExp(`^(?:(${word}/${word})|(${word}))?#([1-9]\\d*)$`);
const address = new RegExp(`^https?://([^/\\s]+)/(${word}/${word})/issues/([1-9]\\d*)/?(?:[?#]\\S*)?$`, "i");

/** Parses `panopticon#45`, `owner/repo#45`, `#45` and issue URLs. A pull request's URL is not an issue. */
export const githubRefs: RefReader = {
  parse(text) {
    const trimmed = text.trim();
    const short = written.exec(trimmed);
    if (short !== null) {
      return { key: `#${short[3]}`, prefix: short[2] ?? null, sourceKey: short[1] ?? null, host: null };
    }
    const url = address.exec(trimmed);
    if (url === null) return null;
    return { key: `#${url[3]}`, prefix: null, sourceKey: url[2] ?? null, host: url[1]?.toLowerCase() ?? null };
  },
  // GitHub leads from an issue's address to the pull request of that number.
  shortForms: ({ url }) => {
    const [issues] = /^https?:\/\/[^?#]*\/issues\/(?=\d+$)/.exec(url) ?? [];
    return issues === undefined ? [] : [{ prefix: "#", url: issues }];
  },
  format: ({ prefix, key }) => `${prefix}${key}`,
};

/** The parent's key from the URL that a child returns: `…/repos/o/r/issues/7` → `#7` inside `o/r`, else `o/r#7`. */
export function parentKeyOf(issueUrl: string, ownRepository: string | null): string | null {
  const match = /\/repos\/([^/]+\/[^/]+)\/issues\/(\d+)$/.exec(issueUrl);
  if (match?.[1] === undefined) return null;
  const isOwn = ownRepository !== null && match[1].toLowerCase() === ownRepository.toLowerCase();
  return `${isOwn ? "" : match[1]}#${match[2]}`;
}

/** `https://api.github.com/repos/o/r` → `o/r`. */
export function repositoryOf(repositoryUrl: string | null | undefined): string | null {
  return /\/repos\/([^/]+\/[^/]+)$/.exec(repositoryUrl ?? "")?.[1] ?? null;
}
