import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { IssueLink } from "./issue-link.tsx";
import { OutsideIssue } from "./outside-issue.tsx";

/** A link to the parent: to its panel, or into its tracker if it is not mirrored. */
export function ParentLink({
  parent,
  tracker,
}: {
  readonly parent: NonNullable<IssueShape["parent"]>;
  readonly tracker: string;
}) {
  const className = "parent-link hover:underline";
  const words = (
    <>
      <TrackerGlyph tracker={tracker} />
      <span className="truncate">{parent.key}</span>
    </>
  );
  if (parent.ref === null) {
    return (
      <OutsideIssue url={parent.url} className={className}>
        {words}
        {parent.url !== null && <Icon name="ext" size={14} className="text-ink-3" />}
      </OutsideIssue>
    );
  }
  return (
    <IssueLink issueRef={parent.address ?? parent.ref} className={className}>
      {words}
    </IssueLink>
  );
}
