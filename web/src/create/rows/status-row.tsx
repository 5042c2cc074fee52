import { isStatus, statusLabels, type Status } from "../../../../src/domain/status.ts";
import { stateWords } from "../../fields/state-words.ts";
import { StatusIcon } from "../../ui/icon.tsx";
import type { RowProps } from "./row-props.ts";
import { PickerRow } from "./picker-row.tsx";
import { isNews } from "./is-news.ts";

/** The status, in the words of the source's own states. */
export function StatusRow({ values, form, onChange, problemOf }: RowProps) {
  const { statuses: states } = form;
  // A new issue without a status goes to the backlog.
  const initial = {
    status: "backlog",
    state: states.find(({ status }) => status === "backlog")?.state ?? null,
  } as const;
  const nativeOf = (status: Status) => stateWords(states, status, initial);
  const native = nativeOf(values.status);
  return (
    <PickerRow
      field="status"
      name="Status"
      problemOf={problemOf}
      placeholder="Status"
      value={
        <>
          <StatusIcon status={values.status} size={14} label={false} />
          <span className="truncate">{statusLabels[values.status]}</span>
          {native !== null && isNews(native, statusLabels[values.status]) && (
            <span className="choices-more">{native}</span>
          )}
        </>
      }
      list={{
        placeholder: "Status",
        entries: states.map(({ status }, index) => {
          const more = nativeOf(status);
          return {
            id: status,
            digit: String(index + 1),
            label: statusLabels[status],
            icon: <StatusIcon status={status} size={14} label={false} />,
            ...(more !== null && isNews(more, statusLabels[status]) && { more }),
            checked: status === values.status,
          };
        }),
        onChoose: (status) => isStatus(status) && onChange({ status }),
      }}
    />
  );
}
