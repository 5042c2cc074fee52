import { useCallback } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { issueDraftId, readDraft, useDraft, useIsDraftStored, writeDraft } from "./drafts.ts";

export type IssueText = "title" | "body";

/** A text of an issue that is being written. */
export type TextDraft = {
  /** null: it is not being written. */
  readonly draft: string | null;
  /** The text that the draft began with, kept as long as the draft: what became of the issue's since must not be overwritten. null: not known. */
  readonly base: string | null;
  /** Whether the draft outlasts this page. */
  readonly stored: boolean;
  readonly begin: (text: string) => void;
  readonly write: (text: string) => void;
  readonly end: () => void;
};

type Draftable = Pick<IssueShape, "source" | "nativeId">;

export function useTextDraft(issue: Draftable, field: IssueText): TextDraft {
  const [draft, write] = useDraft(issueDraftId(issue, field));
  const [base, setBase] = useDraft(baseId(issue, field));
  const stored = useIsDraftStored(issueDraftId(issue, field));
  const begin = useCallback(
    (text: string) => {
      setBase(text);
      write(text);
    },
    [setBase, write],
  );
  const end = useCallback(() => {
    write(null);
    setBase(null);
  }, [setBase, write]);
  return { draft, base, stored, begin, write, end };
}

/** Opens a text for writing again, as it was when it was sent; one that is being written again already began with it, and stays. */
export function reopenTextDraft(issue: Draftable, field: IssueText, text: string, base: string | null): void {
  if (readDraft(issueDraftId(issue, field)) !== null) {
    // What it began with was never written.
    if (readDraft(baseId(issue, field)) === text) writeDraft(baseId(issue, field), base);
    return;
  }
  writeDraft(baseId(issue, field), base);
  writeDraft(issueDraftId(issue, field), text);
}

function baseId(issue: Draftable, field: IssueText): string {
  return issueDraftId(issue, `${field} base`);
}
