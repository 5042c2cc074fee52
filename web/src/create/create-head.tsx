import { Icon } from "../ui/icon.tsx";
import { PickerButton } from "../ui/picker-button.tsx";
import { SourcePicker } from "./source-picker.tsx";
import type { NewIssue } from "./use-new-issue.ts";

type CreateHeadProps = {
  readonly issue: NewIssue;
  readonly onClose: () => void;
};

/** Choosers for the project of a new issue and one of its sources. */
export function CreateHead({ issue: { projects, trackers, project, source, change }, onClose }: CreateHeadProps) {
  return (
    <header className="create-head">
      <h2>New issue</h2>
      {project !== undefined && (
        <PickerButton
          label="Project"
          placeholder="Project"
          value={
            <>
              <Icon name="folder" size={14} className="text-ink-3" />
              <span className="truncate">{project.name}</span>
            </>
          }
          list={{
            placeholder: "Project",
            entries: (projects ?? [])
              .filter(({ sources }) => sources.length > 0)
              .map(({ id, name }) => ({ id, label: name, checked: id === project.id })),
            onChoose: (id) => change({ project: id, source: null }),
          }}
        />
      )}
      {project !== undefined && source !== undefined && (
        <SourcePicker
          sources={project.sources}
          chosen={source.id}
          trackers={trackers ?? []}
          onChoose={(id) => change({ project: project.id, source: id })}
        />
      )}
      <button type="button" className="icon-button ml-auto" aria-label="Close" title="Close (Esc)" onClick={onClose}>
        <Icon name="x" />
      </button>
    </header>
  );
}
