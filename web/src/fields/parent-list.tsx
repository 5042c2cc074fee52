import { useState } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { subjectOf, useIssueChanges } from "../changes/use-issue-changes.ts";
import { cardKey } from "../board/data/board-data.ts";
import { ChoiceList } from "../ui/choice-list.tsx";
import type { ChoiceEntry } from "../ui/choice-row.tsx";
import { StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import { useIssueSearch } from "./use-issue-search.ts";

/** An issue as a list entry. */
export function issueEntry(issue: IssueShape): ChoiceEntry {
  return {
    id: issue.address,
    label: `${issue.ref}  ${issue.title}`,
    icon: <TrackerGlyph tracker={issue.tracker} />,
    more: <StatusIcon status={issue.status} size={14} />,
  };
}

const nobody = "";

/** Searches for a parent issue. A parent in another tracker is stored in Panopticon only. */
export function ParentList({
  issues,
  onDone,
}: {
  readonly issues: readonly IssueShape[];
  readonly onDone: () => void;
}) {
  const [text, setText] = useState("");
  const { change } = useIssueChanges();
  const { issues: found, loading } = useIssueSearch(text);
  const own = new Set(issues.map(cardKey));
  const candidates = found.filter((issue) => !own.has(cardKey(issue)));
  const set = (parent: IssueShape | null) => {
    change(
      issues,
      { parent: parent?.address ?? null },
      {
        parent: parent && {
          ref: parent.ref,
          address: parent.address,
          key: parent.ref,
          title: parent.title,
          url: parent.url,
        },
      },
      parent === null ? "removed from parent" : `moved under ${parent.ref}`,
    );
    onDone();
  };
  const elsewhere = candidates.some(({ tracker }) => issues.some((issue) => issue.tracker !== tracker));
  return (
    <ChoiceList
      label={`Parent of ${subjectOf(issues)}`}
      placeholder="Find an issue by ref or title"
      loading={loading}
      onText={setText}
      note={elsewhere && <p className="choices-note">A parent in another tracker is kept in Panopticon.</p>}
      entries={[
        ...(text.trim() === "" && issues.some(({ parent }) => parent !== null)
          ? [{ id: nobody, label: "No parent" }]
          : []),
        ...candidates.map(issueEntry),
      ]}
      onChoose={(id) => {
        const parent = candidates.find(({ address }) => address === id);
        if (id === nobody) set(null);
        else if (parent !== undefined) set(parent);
      }}
    />
  );
}
