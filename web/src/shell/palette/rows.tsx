import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { statusLabels } from "../../../../src/domain/status.ts";
import { Icon, StatusIcon, TrackerGlyph } from "../../ui/icon.tsx";
import type { Command } from "../command-words.ts";

/** An issue found for `text`. */
export function IssueRow({ issue, text }: { readonly issue: IssueShape; readonly text: string }) {
  return (
    <>
      <TrackerGlyph tracker={issue.tracker} size={16} />
      <span className="palette-ref truncate">{issue.ref}</span>
      <span className="truncate" dir="auto">
        <Marked title={issue.title} text={text} />
      </span>
      <span className="palette-status">
        <StatusIcon status={issue.status} size={14} label={false} />
        <span className="not-phone">{statusLabels[issue.status]}</span>
      </span>
    </>
  );
}

/** Highlights the search words. */
function Marked({ title, text }: { readonly title: string; readonly text: string }) {
  const words = text.split(/\s+/).filter((word) => word.length > 1);
  if (words.length === 0) return title;
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  // Splitting by a capture group puts the matches at odd indexes.
  return title
    .split(pattern)
    .map((part, index) => (index % 2 === 1 ? <mark key={`${index}${part}`}>{part}</mark> : part));
}

export function CommandRow({ command, text }: { readonly command: Command; readonly text: string }) {
  return (
    <>
      {command.status === undefined ? (
        <Icon name={command.icon} className="text-ink-3" />
      ) : (
        <StatusIcon status={command.status} label={false} />
      )}
      <span className="flex min-w-0 items-baseline gap-2 [grid-column:2/-1]">
        <span className="truncate">
          <Marked title={command.label} text={text} />
        </span>
        {command.more !== undefined && <span className="truncate text-12 text-ink-3">{command.more}</span>}
        {command.key !== undefined && (
          <kbd aria-hidden="true" className="ml-auto flex-none not-phone">
            {command.key}
          </kbd>
        )}
      </span>
    </>
  );
}
