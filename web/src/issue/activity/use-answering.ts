import { useRef, type RefObject } from "react";
import type { CommentShape, IssueDetailShape } from "../../../../src/server/contract/issue.ts";
import { issueDraftId, readDraft, useDraft, writeDraft } from "../../editor/drafts.ts";

export type Answering = {
  /** Whether comments have threads; otherwise an answer quotes. */
  readonly inThreads: boolean;
  /** The comment that the next one answers in its thread; undefined: none, or it is gone. */
  readonly answered: CommentShape | undefined;
  /** Answers a comment: in its thread, or by a quotation at the end of the draft. Moves the focus to the comment field. */
  readonly answer: (comment: CommentShape) => void;
  readonly stop: () => void;
  /** The comment field. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
};

/** Answering a comment, by the issue's comment field. Like the text there, what is answered is kept when the page is left. */
export function useAnswering(
  issue: IssueDetailShape,
  comments: readonly CommentShape[],
  inThreads: boolean,
): Answering {
  const [id, setId] = useDraft(answeredDraftId(issue));
  const field = useRef<HTMLTextAreaElement>(null);
  return {
    inThreads,
    answered: inThreads && id !== null ? comments.find((comment) => comment.id === id) : undefined,
    answer: (comment) => {
      if (inThreads) setId(comment.id);
      else quote(issueDraftId(issue, "comment"), comment.body);
      // Once the field has its text.
      requestAnimationFrame(() => {
        const { current } = field;
        current?.focus();
        current?.setSelectionRange(current.value.length, current.value.length);
      });
    },
    stop: () => setId(null),
    field,
  };
}

/** The draft with the id of the comment that the next one answers. */
export function answeredDraftId(issue: IssueDetailShape): string {
  return issueDraftId(issue, "comment answered");
}

function quote(draft: string, body: string): void {
  const before = readDraft(draft)?.trimEnd() ?? "";
  const lines = body.trim().split("\n");
  const quoted = lines.map((line) => (line === "" ? ">" : `> ${line}`)).join("\n");
  writeDraft(draft, `${before === "" ? "" : `${before}\n\n`}${quoted}\n\n`);
}
