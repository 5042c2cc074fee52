import type { IssueDraft } from "../../../src/server/contract/change.ts";
import type { CreatedIssueShape } from "../../../src/server/contract/issue.ts";
import { ApiError, toApiError } from "../api/client.ts";
import { forgetSent, keepSent } from "./sent-draft.ts";

export type Creation = {
  readonly issue: CreatedIssueShape;
  /** `earlier`: an earlier attempt had created it; `other`: so it was, from what the draft said then. */
  readonly from: "now" | "earlier" | "other";
};

type Post = (
  draft: IssueDraft,
  key: string,
) => Promise<{ readonly issue: CreatedIssueShape; readonly isRepeated: boolean }>;

/**
 * Creates an issue, once, however often its draft is sent before there is an answer, also across reloads of the page. Throws ApiError; after
 * `server_unreachable` the issue may have been created.
 */
export async function createOnce(draft: IssueDraft, post: Post): Promise<Creation> {
  const { key, others, isFirst } = keepSent(draft);
  try {
    const { issue, isRepeated } = await post(draft, key);
    forgetSent(key);
    return { issue, from: isRepeated ? "earlier" : "now" };
  } catch (thrown) {
    const error = toApiError(thrown);
    if (error.code === "server_unreachable") throw error;
    const isTaken = error.code === "conflict" && !isFirst;
    // The key was used for what the draft said before, which the server answers, or for an attempt that it did not finish.
    const issue = isTaken ? await findCreated(others, key, post) : null;
    if (issue !== null) return { issue, from: "other" };
    forgetSent(key);
    throw isTaken ? unknownOutcome() : error;
  }
}

/** The issue that was created from one of these drafts. */
async function findCreated(drafts: readonly IssueDraft[], key: string, post: Post): Promise<CreatedIssueShape | null> {
  for (const draft of drafts) {
    try {
      const { issue } = await post(draft, key);
      forgetSent(key);
      return issue;
    } catch (thrown) {
      if (toApiError(thrown).code !== "conflict") throw thrown;
    }
  }
  return null;
}

function unknownOutcome(): ApiError {
  return new ApiError(
    "conflict",
    409,
    "This draft was sent before, and it is not known whether an issue was created.",
    {
      hint: "Look for it on the board. Creating it again creates another one.",
    },
  );
}
