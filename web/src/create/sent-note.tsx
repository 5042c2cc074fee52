import type { CreatedIssueShape } from "../../../src/server/contract/issue.ts";
import { Icon } from "../ui/icon.tsx";
import { formatAgo } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { Words } from "../ui/words.tsx";
import { isRepeatable, type SentDraft } from "./sent-draft.ts";

type SentNoteProps = {
  /** The issue that was created from what the draft said before, once that is known. */
  readonly former: CreatedIssueShape | null;
  readonly unanswered: SentDraft | null;
};

/** Says what became of the draft when it was sent before. */
export function SentNote({ former, unanswered }: SentNoteProps) {
  const now = useNow();
  return (
    <output className="create-note">
      <Icon name="clock" className="text-warn" />
      <span className="min-w-0 wrap-anywhere">
        {former !== null ? (
          <Words
            text={`An issue had already been created from this draft before you changed it: “${former.title}”. Sending it now creates another one.`}
          />
        ) : (
          unanswered !== null && sentWords(unanswered, now)
        )}
      </span>
    </output>
  );
}

function sentWords(sent: SentDraft, now: number): string {
  const advice = isRepeatable(sent, now)
    ? "Sending it again will not create a second one."
    : "Look for it on the board: sending it again could create a second one.";
  return `This draft was sent ${formatAgo(sent.at, now)} without an answer, so the issue may exist. ${advice}`;
}
