import { useState } from "react";
import type { RelationInput } from "../../../../src/server/contract/change.ts";
import type { IssueDetailShape, IssueShape } from "../../../../src/server/contract/issue.ts";
import type { TrackerShape } from "../../../../src/server/contract/tracker.ts";
import { cardKey } from "../../board/data/board-data.ts";
import { issueEntry } from "../../fields/parent-list.tsx";
import { useIssueSearch } from "../../fields/use-issue-search.ts";
import { ChoiceList } from "../../ui/choice-list.tsx";
import { Icon } from "../../ui/icon.tsx";
import { PopoverPicker } from "../../ui/picker-button.tsx";
import { relationWords } from "./relation-words.ts";

type RelationType = RelationInput["type"];

const types: readonly RelationType[] = ["blocked_by", "blocks", "parent", "child", "relates", "duplicates"];

function isRelationType(word: string): word is RelationType {
  return (types as readonly string[]).includes(word);
}

type RelationAddProps = {
  readonly issue: IssueDetailShape;
  readonly tracker: TrackerShape | undefined;
  readonly onAdd: (type: RelationType, other: IssueShape) => void;
};

/** A button to add a relation: its type, and the other issue, in any tracker. */
export function RelationAdd({ issue, tracker, onAdd }: RelationAddProps) {
  return (
    <PopoverPicker className="icon-button ml-auto" label="Add relation" hasWords={false} trigger={<Icon name="plus" />}>
      {(close) => (
        <RelationForm
          issue={issue}
          tracker={tracker}
          onAdd={(type, other) => {
            close();
            onAdd(type, other);
          }}
        />
      )}
    </PopoverPicker>
  );
}

function RelationForm({ issue, tracker, onAdd }: RelationAddProps) {
  const [type, setType] = useState<RelationType | null>(null);
  const [text, setText] = useState("");
  const { issues, loading } = useIssueSearch(text, {}, type !== null);
  if (type === null) {
    return (
      <ChoiceList
        key="type"
        label="Relation type"
        placeholder="Relation type"
        entries={types.map((one) => ({ id: one, label: relationWords[one] }))}
        onChoose={(id) => {
          if (isRelationType(id)) setType(id);
        }}
      />
    );
  }
  const others = issues.filter((other) => cardKey(other) !== cardKey(issue));
  const isOwn = type === "parent" || type === "child" || tracker?.writing.relations.includes(type) === true;
  const note = isOwn
    ? others.some((other) => other.tracker !== issue.tracker) && "A relation across trackers is kept in Panopticon."
    : `${tracker?.label ?? issue.tracker} has no such relation, so it is kept in Panopticon.`;
  return (
    <ChoiceList
      key="issue"
      label={`${relationWords[type]}: find an issue`}
      placeholder={`${relationWords[type]}: ref or title`}
      loading={loading}
      onText={setText}
      note={note !== false && <p className="choices-note">{note}</p>}
      entries={others.map(issueEntry)}
      onChoose={(address) => {
        const other = others.find((one) => one.address === address);
        if (other !== undefined) onAdd(type, other);
      }}
    />
  );
}
