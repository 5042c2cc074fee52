import type { BranchRequest } from "./workspace.ts";

/** A pull or merge request as its host has it; times are the host's own. */
export type FoundRequest = BranchRequest & {
  /** The branch it brings, of the repository itself; requests from forks are left out. */
  readonly branch: string;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly mergedAt: number | null;
};

export type NewRequest = {
  readonly branch: string;
  /** The branch it is to go into. */
  readonly base: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly draft: boolean;
};

/**
 * What a server that keeps code does with branches, apart from the issues that it keeps too. `repository` is a source's key: `owner/repo`. Errors are
 * PanopticonErrors.
 */
export type CodeHost = {
  /** Throws `forbidden` where these credentials certainly cannot push and open a request, `not_found` for a repository they do not see. */
  checkRights(repository: string, signal?: AbortSignal): Promise<void>;
  /** Opens a request; sent once. Throws `conflict` where one is open already, `forbidden`, `invalid_input` with the host's words. */
  openRequest(repository: string, request: NewRequest, signal?: AbortSignal): Promise<FoundRequest>;
  /** All requests of one branch, the newest first. */
  requestsOf(repository: string, branch: string, signal?: AbortSignal): Promise<readonly FoundRequest[]>;
  /** The requests that changed last, in whatever state; null: nothing changed since the answer that gave `etag`. */
  newestRequests(
    repository: string,
    etag: string | null,
    signal?: AbortSignal,
  ): Promise<{
    readonly etag: string | null;
    readonly requests: readonly FoundRequest[];
    /** There are none besides. */
    readonly isAll: boolean;
    /** When the oldest of them changed; null: there are none. */
    readonly oldest: number | null;
  } | null>;
};
