import { useQuery } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import { toApiError, type ApiError } from "../api/client.ts";
import { keptMovesQuery, projectNotMirroredQuery } from "../api/queries.ts";
import { notMirroredWords } from "../board/notes.ts";
import { KeptMoves } from "../shadow/kept-moves.tsx";
import { KeptQuestion } from "../shadow/kept-question.tsx";
import { useKeptActions } from "../shadow/use-kept-actions.ts";
import { Icon } from "../ui/icon.tsx";
import { FieldProblem } from "./field-problem.tsx";
import { historyChoices, historyWords } from "./history-words.ts";
import { shadowNote } from "./shadow-for-all.tsx";
import { useChangeProject } from "./use-change-project.ts";
import "../ui/field.css";

/** A project's own keys; each is saved on blur. */
export function ProjectForm({ project }: { readonly project: ProjectShape }) {
  return (
    <div className="project project-form">
      <TextRow project={project} name="name" label="Name" value={project.name} />
      <TextRow
        project={project}
        name="path"
        label="Local checkout"
        value={project.path ?? ""}
        placeholder="none (board only)"
        note="The git checkout that agents’ worktrees are made from."
        mono
      />
      <TextRow
        project={project}
        name="agent"
        label="Default agent"
        value={project.agent ?? ""}
        placeholder="claude"
        note={`Work starts from the branch ${project.defaultBranch}.`}
      />
      <TextRow
        project={project}
        name="issue_prefix"
        label="Issue prefix"
        value={project.issuePrefix ?? ""}
        placeholder="the repository’s name"
        note="The word before # or ! in refs."
        mono
      />
      <HistoryRow project={project} />
      <ShadowRow project={project} />
    </div>
  );
}

type RowProps = { readonly project: ProjectShape };

type TextRowProps = RowProps & {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly note?: string;
  readonly mono?: boolean;
};

function TextRow({ project, name, label, value, placeholder, note, mono = false }: TextRowProps) {
  const id = useId();
  const change = useChangeProject(project.id);
  const [draft, setDraft] = useState<string | null>(null);
  const save = () => {
    const text = (draft ?? value).trim();
    if (text === value) setDraft(null);
    else change.mutate({ [name]: text === "" ? null : text }, { onSuccess: () => setDraft(null) });
  };
  const error = change.error === null ? null : toApiError(change.error);
  return (
    <SettingRow id={id} label={label} note={note} error={error} saving={change.isPending} saved={change.isSuccess}>
      <input
        id={id}
        className={mono ? "field font-mono" : "field"}
        value={draft ?? value}
        placeholder={placeholder}
        maxLength={500}
        spellCheck={false}
        aria-invalid={error !== null || undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => {
          setDraft(event.target.value);
          change.reset();
        }}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === "Enter") save();
          if (event.key === "Escape" && draft !== null) {
            event.stopPropagation();
            setDraft(null);
            change.reset();
          }
        }}
      />
    </SettingRow>
  );
}

function HistoryRow({ project }: RowProps) {
  const id = useId();
  const change = useChangeProject(project.id);
  const missing = useQuery(projectNotMirroredQuery(project.id)).data ?? [];
  const outside = missing.filter(({ history }) => history);
  const words = notMirroredWords(outside);
  const error = change.error === null ? null : toApiError(change.error);
  return (
    <SettingRow id={id} label="History" error={error} saving={change.isPending} saved={change.isSuccess}>
      <span className="field-select">
        <select
          id={id}
          className="field"
          value={project.history}
          aria-describedby={`${id}-note`}
          onChange={(event) => change.mutate({ history: event.target.value })}
        >
          {[...new Set([...historyChoices, project.history])].map((history) => (
            <option key={history} value={history}>
              {historyWords(history)}
            </option>
          ))}
        </select>
        <Icon name="down" size={12} />
      </span>
      {words !== null && project.history !== "all" && (
        <p className="credential-note flex gap-1.5">
          <Icon name="alert" size={12} className="mt-0.5 text-warn" />
          <span>
            {words.sentence}.{" "}
            <button
              type="button"
              className="underline hover:text-ink"
              disabled={change.isPending}
              onClick={() => change.mutate({ history: "all" })}
            >
              Mirror all
            </button>
          </span>
        </p>
      )}
    </SettingRow>
  );
}

function ShadowRow({ project }: RowProps) {
  const id = useId();
  const change = useChangeProject(project.id);
  const kept = useQuery(keptMovesQuery(project.id)).data ?? [];
  const actions = useKeptActions();
  const [asks, setAsks] = useState(false);
  const error = change.error === null ? null : toApiError(change.error);
  const set = (shadow: true | null) => {
    setAsks(false);
    change.mutate({ shadow });
  };
  return (
    <SettingRow
      id={id}
      label="Shadow mode"
      note={shadowNote}
      error={error}
      saving={change.isPending}
      saved={change.isSuccess}
    >
      <span className="flex min-h-7 items-center justify-between gap-3 text-12">
        {project.shadow ? "On: moves stay here" : "Off: moves are written to the trackers"}
        <button
          id={id}
          type="button"
          role="switch"
          className="switch"
          aria-checked={project.shadow}
          aria-label="Shadow mode"
          aria-describedby={`${id}-note`}
          disabled={change.isPending}
          onClick={() => {
            if (project.shadow && kept.length > 0) setAsks(true);
            else set(project.shadow ? null : true);
          }}
        />
      </span>
      {asks && (
        <KeptQuestion
          count={kept.length}
          choice={{ project: project.id }}
          actions={actions}
          onOff={() => set(null)}
          onCancel={() => setAsks(false)}
        />
      )}
      <KeptMoves project={project.id} actions={actions} />
    </SettingRow>
  );
}

type SettingRowProps = {
  readonly id: string;
  readonly label: string;
  readonly note?: string | undefined;
  readonly error: ApiError | null;
  readonly saving: boolean;
  readonly saved: boolean;
  readonly children: ReactNode;
};

function SettingRow({ id, label, note, error, saving, saved, children }: SettingRowProps) {
  return (
    <div className="setting-row">
      <label htmlFor={id}>
        {label}
        <output className="ml-1.5 inline-flex align-[-2px]">
          {saving && <Icon name="spin" size={12} className="spinning text-run" label="Saving" />}
          {saved && <Icon name="check" size={12} className="text-ok" label="Saved" />}
        </output>
      </label>
      <div className="min-w-0">
        {children}
        <FieldProblem id={`${id}-note`} error={error} />
        {error === null && note !== undefined && <p className="credential-note">{note}</p>}
      </div>
    </div>
  );
}
