import { statusLabels, type Status } from "../../../src/domain/status.ts";
import { foldName } from "../../../src/domain/fold-name.ts";
import type { ProjectStatesShape } from "../../../src/server/contract/project.ts";
import type { ChoiceEntry } from "../ui/choice-row.tsx";
import { ChoiceList } from "../ui/choice-list.tsx";
import { Icon, StatusIcon } from "../ui/icon.tsx";
import { PopoverPicker } from "../ui/picker-button.tsx";
import "../fields/fields.css";

/** The user's choice for a cell: set a state or `label:NAME`, revert to the detected one, or create the missing state. */
export type CellChoice =
  | { readonly kind: "set"; readonly name: string }
  | { readonly kind: "detect" }
  | { readonly kind: "create" };

type Source = ProjectStatesShape["sources"][number];

type StateCellProps = {
  readonly source: Source;
  readonly status: Status;
  /** The tracker's display name. */
  readonly tracker: string;
  readonly canCreate: boolean;
  readonly override: string | null;
  readonly saving: boolean;
  readonly disabled: boolean;
  readonly onChoose: (choice: CellChoice) => void;
};

const detectId = "detect";
const createId = "create";

/** What maps to one status of one source, with a button to change it. */
export function StateCell(props: StateCellProps) {
  const { source, status, tracker, canCreate, override, saving, disabled, onChoose } = props;
  const { reads } = source.statuses.find((one) => one.status === status) ?? { reads: [] };
  const moved = reads.filter(({ outward }) => outward);
  const onlyRead = reads.filter(({ outward }) => !outward);
  const set = override !== null;
  const hasState = moved.some(({ label }) => label === null);
  const missing = canCreate && !hasState && !set && status !== "canceled";
  const { words, all } = missing ? { words: `Create ${statusLabels[status]}` } : readWords(moved, maxShown);
  const also = onlyRead.length === 0 ? null : readWords(onlyRead, maxOnlyRead);
  const origin = saving
    ? "saving…"
    : missing
      ? `missing in ${tracker}`
      : moved.length === 0
        ? "created when needed"
        : set
          ? "set by you"
          : "detected";
  return (
    <PopoverPicker
      className="state-cell"
      label={`${statusLabels[status]} in ${source.name}`}
      trigger={
        <span className="min-w-0 flex-1" data-set={set || undefined} data-missing={missing || undefined}>
          <span className="block wrap-anywhere" title={all}>
            {/* Prefer to break a scoped label between its parts. */}
            {words.replaceAll("::", "::\u200b")}
          </span>
          <span className="origin">
            {saving && <Icon name="spin" size={12} className="spinning text-run" />}
            {origin}
          </span>
          {also !== null && (
            <span className="origin wrap-anywhere" title={also.all}>
              also read: {also.words.replaceAll("::", "::\u200b")}
            </span>
          )}
        </span>
      }
    >
      {(close) => (
        <ChoiceList
          label={`${statusLabels[status]} in ${source.name}`}
          placeholder="State or label…"
          entries={disabled ? [] : entriesOf(props, missing || (canCreate && !hasState))}
          loading={disabled}
          onChoose={(id) => {
            close();
            onChoose(
              id === detectId ? { kind: "detect" } : id === createId ? { kind: "create" } : { kind: "set", name: id },
            );
          }}
        />
      )}
    </PopoverPicker>
  );
}

type Reads = Source["statuses"][number]["reads"];

/** More would make the cell taller than the window: some workflows map a dozen states to one status. */
const maxShown = 4;
/** Of those that are read as the status, while no move leads there: a duplicate, triage, a state of Rally that another one implies. */
const maxOnlyRead = 2;

/**
 * `In Review, QA`, `label: planning`, `labels: planning, later`; `all` is set if `words` is shortened: `Open, Fixed, Closed and 9 more`. The first ones matter
 * most: dropped cards get them.
 */
function readWords(reads: Reads, most: number): { readonly words: string; readonly all?: string } {
  if (reads.length === 0) return { words: "label on first use" };
  const labels = [...new Set(reads.flatMap(({ label }) => (label === null ? [] : [label])))];
  const states = [...new Set(reads.flatMap(({ state, label }) => (label === null ? [state] : [])))];
  const named = labels.length === 0 ? [] : [`${labels.length === 1 ? "label" : "labels"}: ${labels.join(", ")}`];
  const parts = [...states, ...named];
  const all = parts.join(", ");
  if (parts.length <= most) return { words: all };
  const first = parts.slice(0, most - 1);
  return { words: `${first.join(", ")} and ${parts.length - first.length} more`, all };
}

function entriesOf({ source, status, tracker, override }: StateCellProps, creatable: boolean): ChoiceEntry[] {
  const chosen = override === null ? null : foldName(override);
  // States are set by name, which several may share, such as those of stories and tasks.
  const names = [...new Set(source.nativeStates.map(({ name }) => name))];
  const states = names.map((name): ChoiceEntry => {
    const readAs = [
      ...new Set(source.nativeStates.filter((state) => state.name === name).map((state) => state.status)),
    ];
    return {
      id: name,
      label: name,
      icon: <StatusIcon status={readAs[0] ?? status} size={14} label={false} />,
      more: readAs.map((one) => statusLabels[one]).join(", "),
      checked: chosen === foldName(name),
    };
  });
  const labels = source.labels.map((label): ChoiceEntry => ({
    id: `label:${label}`,
    label: `label: ${label}`,
    checked: chosen === foldName(`label:${label}`),
  }));
  return [
    ...(creatable
      ? [{ id: createId, label: `Create ${statusLabels[status]} in ${tracker}`, icon: <Icon name="plus" size={14} /> }]
      : []),
    ...(override === null
      ? []
      : [
          {
            id: detectId,
            label: "Reset to detected",
            icon: <Icon name="sync" size={14} />,
            more: `not ${override}`,
          },
        ]),
    ...states,
    ...labels,
  ];
}
