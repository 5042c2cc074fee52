import { useState } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { statusLabels, isStatus } from "../../../src/domain/status.ts";
import { cardKey } from "../board/data/board-data.ts";
import { rememberFocusPlace } from "../board/focus-place.ts";
import type { OpenChoice } from "../changes/notices.ts";
import { subjectOf } from "../changes/use-issue-changes.ts";
import type { DialogProps } from "../shell/dialog-props.ts";
import { DialogFrame } from "../shell/dialog.tsx";
import { ChoicePrefix } from "../ui/choice-prefix.ts";
import { TrackerGlyph } from "../ui/icon.tsx";
import { FieldMenu } from "./field-menu.tsx";
import { fieldLabels, type FieldName } from "./field-name.ts";
import { MoveList } from "./move-list.tsx";
import "../ui/key-foot.css";
import "./fields.css";

function Crumb({
  issues,
  field,
  to,
}: {
  readonly issues: readonly IssueShape[];
  readonly field: FieldName;
  readonly to?: string;
}) {
  const trackers = new Set(issues.map(({ tracker }) => tracker));
  const subject = <b className="truncate font-semibold">{subjectOf(issues)}</b>;
  return (
    <span className="crumb">
      {[...trackers].map((tracker) => (
        <TrackerGlyph key={tracker} tracker={tracker} />
      ))}
      {field === "status" ? (
        <>
          Move {subject} to{to === undefined ? "…" : ` ${to}`}
        </>
      ) : (
        <>
          {fieldLabels[field]} of {subject}
        </>
      )}
    </span>
  );
}

/** Where the focus goes when the dialog closes; the choice may have moved the card. */
function useFocusPlace(issue: IssueShape | undefined): () => HTMLElement | true {
  const [place] = useState(() => rememberFocusPlace(issue && cardKey(issue)));
  return () => place() ?? true;
}

export type FieldDialogProps = DialogProps & { readonly field: FieldName; readonly issues: readonly IssueShape[] };

/** Edits one field of the selected or focused issues. */
export function FieldDialog({ field, issues, onClose }: FieldDialogProps) {
  const finalFocus = useFocusPlace(issues[0]);
  return (
    <DialogFrame
      label={field === "status" ? `Move ${subjectOf(issues)}` : `${fieldLabels[field]} of ${subjectOf(issues)}`}
      className="field-dialog"
      closeOnPhone
      onClose={onClose}
      finalFocus={finalFocus}
    >
      {(close) => (
        <ChoicePrefix value={<Crumb issues={issues} field={field} />}>
          <FieldMenu field={field} issues={issues} onDone={close} />
          <Hints field={field} issues={issues} />
        </ChoicePrefix>
      )}
    </DialogFrame>
  );
}

function Hints({ field, issues }: { readonly field: FieldName; readonly issues: readonly IssueShape[] }) {
  return (
    <footer className="key-foot">
      <span className="not-phone">
        <kbd>↑</kbd> <kbd>↓</kbd> Select
      </span>
      {field === "status" && (
        <span className="not-phone">
          <kbd>1</kbd> to <kbd>6</kbd> Move
        </span>
      )}
      <span className="not-phone">
        <kbd>Esc</kbd> Close
      </span>
      <span className="ml-auto truncate" dir="auto">
        {issues.length === 1 ? issues[0]?.title : issues.map(({ ref }) => ref).join(", ")}
      </span>
    </footer>
  );
}

/** Asks which transition a move takes and for the fields it needs. */
export function ChoiceDialog({ choice }: { readonly choice: OpenChoice }) {
  const { issue, patch, choices, settle } = choice;
  const finalFocus = useFocusPlace(issue);
  const status = patch.status !== undefined && isStatus(patch.status) ? patch.status : issue.status;
  return (
    <DialogFrame
      label={`Move ${issue.ref} to ${statusLabels[status]}`}
      className="field-dialog"
      closeOnPhone
      onClose={() => settle(null)}
      finalFocus={finalFocus}
    >
      {(close) => (
        <ChoicePrefix value={<Crumb issues={[issue]} field="status" to={statusLabels[status]} />}>
          <MoveList issues={[issue]} onDone={close} asked={{ status, choices, onChoose: settle }} />
          <Hints field="parent" issues={[issue]} />
        </ChoicePrefix>
      )}
    </DialogFrame>
  );
}
