import type { CredentialField } from "./credentials.ts";

/** What is said of credentials that are not set. */
export type MissingKeys = {
  /** `JIRA_URL and JIRA_API_KEY are not set.` */
  readonly sentence: string;
  /** `JIRA_URL and JIRA_API_KEY` */
  readonly names: string;
  /** The program whose login does as well, if there is one. */
  readonly login: string | null;
  /** What each is and where to get it, a line each. */
  readonly helps: readonly string[];
};

export function describeMissing(missing: readonly CredentialField[]): MissingKeys {
  const keys = missing.map(({ env, label }) => env[0] ?? label);
  const names = keys.join(" and ");
  return {
    sentence: `${names} ${keys.length === 1 ? "is" : "are"} not set.`,
    names,
    login: missing.find(({ fallback }) => fallback != null)?.fallback?.label ?? null,
    helps: missing.map(({ help }, at) => `${keys[at]}: ${help}`.replaceAll("`", "")),
  };
}
