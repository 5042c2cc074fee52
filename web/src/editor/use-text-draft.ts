import { useCallback } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { issueDraftId, readDraft, useDraft, useIsDraftStored, writeDraft } from "./drafts.ts";

export type IssueText = "title" | "body";

/** The draft of an issue's text. */
export type TextDraft = {
  /** null: no draft. */
  readonly draft: string | null;
  /** The text the draft started from, kept as long as the draft, so that later changes to the issue are not overwritten. null: unknown. */
  readonly base: string | null;
  /** Whether the draft survives closing this page. */
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

/** Reopens a text that was sent, unless a newer draft exists, which is kept. */
export function reopenTextDraft(issue: Draftable, field: IssueText, text: string, base: string | null): void {
  if (readDraft(issueDraftId(issue, field)) !== null) {
    // The newer draft started from a text that was never written.
    if (readDraft(baseId(issue, field)) === text) writeDraft(baseId(issue, field), base);
    return;
  }
  writeDraft(baseId(issue, field), base);
  writeDraft(issueDraftId(issue, field), text);
}

function baseId(issue: Draftable, field: IssueText): string {
  return issueDraftId(issue, `${field} base`);
}

/** The draft ids of an issue's text, and of the text that it started from. */
export function textDraftIds(issue: Draftable, field: IssueText): { readonly text: string; readonly base: string } {
  return { text: issueDraftId(issue, field), base: baseId(issue, field) };
}
