import type { RefReader } from "../tracker.ts";

/** GitLab's paths do not start with a hyphen: `/-/` separates the project from its pages. */
const word = "[A-Za-z0-9_.][A-Za-z0-9_.-]*";
const path = `${word}(?:/${word})+`;
const written = new RegExp(`^(?:(${path})|(${word}))[#!]([1-9]\\d*)$`);
const bare = /^!([1-9]\d*)$/;
/** GitLab's own short form, used in its texts: https://docs.gitlab.com/user/markdown/#gitlab-specific-references */
const bareInText = /^#([1-9]\d*)$/;
const address = new RegExp(
  `^https?://([^/\\s]+)/(?!groups/)(${path})/(?:-/)?(?:issues(?:/incident)?|work_items)/([1-9]\\d*)(?:/designs)?/?(?:[?#]\\S*)?$`,
  "i",
);

/**
 * Parses `myproject!23`, `group/myproject#23`, `myproject#23`, `!23` and the URLs of issues, work items and incidents. Our own refs use `!` to distinguish them
 * from GitHub's; in GitLab's texts `!` denotes a merge request.
 */
export const gitlabRefs: RefReader = {
  parse(text) {
    const trimmed = text.trim();
    const number = bare.exec(trimmed)?.[1];
    if (number !== undefined) return { key: `!${number}`, prefix: null, sourceKey: null, host: null };
    const short = written.exec(trimmed);
    if (short !== null) {
      return { key: `!${short[3]}`, prefix: short[2] ?? null, sourceKey: short[1] ?? null, host: null };
    }
    const url = address.exec(trimmed);
    if (url === null) return null;
    return { key: `!${url[3]}`, prefix: null, sourceKey: url[2] ?? null, host: url[1]?.toLowerCase() ?? null };
  },
  inText(word, own) {
    if (own && !word.includes("://")) {
      const number = bareInText.exec(word)?.[1];
      if (number !== undefined) return { key: `!${number}`, prefix: null, sourceKey: null, host: null };
      if (word.includes("!")) return null;
    }
    return gitlabRefs.parse(word);
  },
  shortForms: ({ url }) => {
    const [, base] = /^(https?:\/\/[^?#]*\/-\/)(?:issues|work_items)\/\d+$/.exec(url) ?? [];
    if (base === undefined) return [];
    return [
      { prefix: "#", url: `${base}issues/` },
      { prefix: "!", url: `${base}merge_requests/`, otherNumbers: true },
    ];
  },
  format: ({ prefix, key }) => `${prefix}${key}`,
};
