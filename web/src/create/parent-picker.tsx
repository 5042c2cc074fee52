import { useState } from "react";
import { issueEntry } from "../fields/parent-list.tsx";
import { useIssueSearch } from "../fields/use-issue-search.ts";
import { ChoiceList } from "../ui/choice-list.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { PopoverPicker } from "../ui/picker-button.tsx";
import type { DraftValues } from "./draft-values.ts";

type ParentPickerProps = {
  readonly id: string;
  readonly value: DraftValues["parent"];
  /** The new issue's tracker. */
  readonly tracker: string | undefined;
  /** The tracker itself needs the parent, so another tracker's issue is none. */
  readonly required: boolean;
  readonly problemId: string | undefined;
  readonly onChange: (parent: DraftValues["parent"]) => void;
};

/** Picks the parent of a new issue. */
export function ParentPicker({ id, value, tracker, required, problemId, onChange }: ParentPickerProps) {
  return (
    <PopoverPicker
      id={id}
      className="picker"
      fieldName="parent"
      problemId={problemId}
      label="Parent"
      trigger={
        <>
          {value === null ? (
            <span className="text-ink-3">None</span>
          ) : (
            <>
              <TrackerGlyph tracker={value.tracker} />
              <span className="truncate">{value.ref}</span>
              {value.tracker !== tracker && <span className="choices-more">kept in Panopticon</span>}
            </>
          )}
          <Icon name="down" size={12} className="ml-auto text-ink-4" />
        </>
      }
    >
      {(close) => (
        <Search
          hasValue={value !== null}
          only={required ? tracker : undefined}
          onChoose={(parent) => {
            onChange(parent);
            close();
          }}
        />
      )}
    </PopoverPicker>
  );
}

type SearchProps = {
  readonly hasValue: boolean;
  /** Offers this tracker's issues only. */
  readonly only: string | undefined;
  readonly onChoose: (parent: DraftValues["parent"]) => void;
};

function Search({ hasValue, only, onChoose }: SearchProps) {
  const [text, setText] = useState("");
  const { issues, loading } = useIssueSearch(text, only === undefined ? {} : { tracker: only });
  return (
    <ChoiceList
      label="Parent"
      placeholder="Find an issue by ref or title"
      loading={loading}
      onText={setText}
      entries={[...(hasValue && text === "" ? [{ id: "", label: "No parent" }] : []), ...issues.map(issueEntry)]}
      onChoose={(choice) => {
        const parent = issues.find(({ address }) => address === choice);
        onChoose(parent === undefined ? null : { address: parent.address, ref: parent.ref, tracker: parent.tracker });
      }}
    />
  );
}
