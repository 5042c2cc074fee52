import type { CodeHost } from "../../domain/code-host.ts";
import type { Git } from "../git/git.ts";

/** The repository on a code host that a checkout's remote is. */
export type CodePlace = {
  /** The same for all checkouts of one repository through one connection. */
  readonly id: string;
  readonly repository: string;
  /** `pull request`, `merge request`. */
  readonly requestNoun: string;
  readonly maxTitle: number;
  /** Throws `invalid_input` where its credentials are missing. */
  host(): CodeHost;
  /** A time of the host's clock on this machine's clock. */
  toLocal(hostMs: number): number;
  /** What in a request's text links it with an issue: words that close it where the host keeps the issue too, else its address. */
  linkWords(issueId: number): Promise<string>;
};

/** Wired where the parts are put together. */
export type CodePorts = {
  /** The place that one of a remote's addresses leads to; null: on none of the connected servers. */
  readonly findCode: (addresses: readonly string[], projectId: string) => CodePlace | null;
  /** Names of the servers that keep code, for people. */
  readonly codeHosts: readonly string[];
};

/** A remote's addresses: as configured, and as git rewrites them (`url.….insteadOf`). */
export async function addressesOf(git: Git, repository: string, remote: string): Promise<readonly string[]> {
  const answers = await Promise.all([
    git.ask(repository, ["remote", "get-url", "--push", remote]),
    git.ask(repository, ["remote", "get-url", remote]),
    git.ask(repository, ["config", "--get", `remote.${remote}.url`]),
  ]);
  return [...new Set(answers.filter((address) => address !== null && address !== ""))] as readonly string[];
}
