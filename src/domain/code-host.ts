import type { BranchRequest } from "./workspace.ts";

/** A pull or merge request as its host reports it; times are the host's own. */
export type FoundRequest = BranchRequest & {
  /** Its source branch, always in the repository itself: requests from forks are left out. */
  readonly branch: string;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly mergedAt: number | null;
};

export type NewRequest = {
  readonly branch: string;
  /** The target branch. */
  readonly base: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly draft: boolean;
};

/** What a code host does with branches, separate from any issues it also tracks. `repository` is a source's key: `owner/repo`. Errors are PanopticonErrors. */
export type CodeHost = {
  /** Throws `forbidden` if these credentials certainly cannot push and open a request, `not_found` if they cannot see the repository. */
  checkRights(repository: string, signal?: AbortSignal): Promise<void>;
  /** Opens a request; never retries. Throws `conflict` if one is already open, `forbidden`, or `invalid_input` with the host's message. */
  openRequest(repository: string, request: NewRequest, signal?: AbortSignal): Promise<FoundRequest>;
  /** All requests of a branch, newest first. */
  requestsOf(repository: string, branch: string, signal?: AbortSignal): Promise<readonly FoundRequest[]>;
  /** The most recently changed requests, in any state; null if nothing has changed since the answer that returned `etag`. */
  newestRequests(
    repository: string,
    etag: string | null,
    signal?: AbortSignal,
  ): Promise<{
    readonly etag: string | null;
    readonly requests: readonly FoundRequest[];
    /** Whether these are all the requests there are. */
    readonly isAll: boolean;
    /** When the least recently changed of them changed; null if there are none. */
    readonly oldest: number | null;
  } | null>;
};
