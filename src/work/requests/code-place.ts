import type { CodeHost } from "../../domain/code-host.ts";
import type { Git } from "../git/git.ts";

/** The repository on a code host that a checkout's remote refers to. */
export type CodePlace = {
  /** The same for all checkouts of one repository through one connection. */
  readonly id: string;
  readonly repository: string;
  /** `pull request`, `merge request`. */
  readonly requestNoun: string;
  readonly maxTitle: number;
  /** Throws `invalid_input` if its credentials are missing. */
  host(): CodeHost;
  /** Converts the host's time to this machine's clock. */
  toLocal(hostMs: number): number;
  /** The text that links a request to an issue: a closing keyword if the host also tracks the issue, else the issue's URL. */
  linkWords(issueId: number): Promise<string>;
};

/** Wired in the composition root. */
export type CodePorts = {
  /** The place of one of a remote's URLs; null if it is on none of the connected servers. */
  readonly findCode: (addresses: readonly string[], projectId: string) => CodePlace | null;
  /** Names of the connected code hosts, for users. */
  readonly codeHosts: readonly string[];
};

/** A remote's URLs, as configured and as rewritten by git (`url.….insteadOf`). */
export async function addressesOf(git: Git, repository: string, remote: string): Promise<readonly string[]> {
  const answers = await Promise.all([
    git.ask(repository, ["remote", "get-url", "--push", remote]),
    git.ask(repository, ["remote", "get-url", remote]),
    git.ask(repository, ["config", "--get", `remote.${remote}.url`]),
  ]);
  return [...new Set(answers.filter((address) => address !== null && address !== ""))] as readonly string[];
}
