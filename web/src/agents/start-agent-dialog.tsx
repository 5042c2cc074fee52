import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { navigate } from "wouter/use-browser-location";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { toApiError } from "../api/client.ts";
import { projectsQuery } from "../api/queries.ts";
import { workApi } from "../api/work-endpoints.ts";
import { agentsQuery, profilesQuery, workKeys } from "../api/work-queries.ts";
import { useChanges } from "../changes/changes-provider.tsx";
import { issueEntry } from "../fields/parent-list.tsx";
import { useIssueSearch } from "../fields/use-issue-search.ts";
import { DialogFrame } from "../shell/dialog.tsx";
import type { DialogProps } from "../shell/dialogs.tsx";
import { commandKey } from "../shell/shortcuts.ts";
import { ChoiceList } from "../ui/choice-list.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { agentPath } from "./agent-list.tsx";
import { isAtWork } from "./agent-words.ts";
import "../fields/fields.css";
import "./work.css";

export type StartAgentDialogProps = DialogProps & {
  readonly issue?: IssueShape | undefined;
  readonly plan?: boolean | undefined;
};

/** Starts an agent on an issue: which one, to plan or to work, and what it is told besides. */
export function StartAgentDialog({ issue: given, plan = false, onClose }: StartAgentDialogProps) {
  const [issue, setIssue] = useState(given);
  return (
    <DialogFrame
      label={issue === undefined ? "Start an agent" : `Start an agent on ${issue.ref}`}
      title="Start an agent"
      className="start-agent"
      onClose={onClose}
    >
      {(close) =>
        issue === undefined ? (
          <IssueChoice onChoose={setIssue} />
        ) : (
          <StartForm issue={issue} plan={plan} onDone={close} />
        )
      }
    </DialogFrame>
  );
}

function IssueChoice({ onChoose }: { readonly onChoose: (issue: IssueShape) => void }) {
  const [text, setText] = useState("");
  const { issues, loading } = useIssueSearch(text);
  return (
    <ChoiceList
      label="Issue to work on"
      placeholder="Find the issue by ref or title"
      loading={loading}
      onText={setText}
      entries={issues.map(issueEntry)}
      onChoose={(address) => {
        const issue = issues.find((one) => one.address === address);
        if (issue !== undefined) onChoose(issue);
      }}
    />
  );
}

type StartFormProps = { readonly issue: IssueShape; readonly plan: boolean; readonly onDone: () => void };

function StartForm({ issue, plan: planAtFirst, onDone }: StartFormProps) {
  const id = useId();
  const client = useQueryClient();
  const { say } = useChanges();
  const profiles = useQuery(profilesQuery);
  const project = useQuery(projectsQuery).data?.find((one) => one.id === issue.project);
  const busy = useQuery(agentsQuery).data?.find((agent) => agent.ref === issue.ref && isAtWork(agent));
  const [chosen, setChosen] = useState<string>();
  const [plan, setPlan] = useState(planAtFirst);
  const [prompt, setPrompt] = useState("");
  const name = chosen ?? project?.agent ?? "claude";
  const profile = profiles.data?.find((one) => one.id === name);
  const start = useMutation({
    mutationFn: () => workApi.startAgent({ ref: issue.address, agent: name, plan, prompt, wait: false }),
    onSuccess: (agent) => {
      say(`${agent.name} starts on ${agent.ref}`);
      onDone();
      navigate(agentPath(agent.id));
    },
    onSettled: () => client.invalidateQueries({ queryKey: workKeys.agents }),
  });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the key of its button, from any of its fields
    <form
      className="start-form"
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        if (!start.isPending) start.mutate();
      }}
    >
      <p className="start-issue">
        <TrackerGlyph tracker={issue.tracker} />
        <b>{issue.ref}</b>
        <span className="truncate" dir="auto">
          {issue.title}
        </span>
      </p>
      <fieldset className="start-agents">
        <legend>Agent</legend>
        {profiles.error !== null && <ErrorNote error={toApiError(profiles.error)} />}
        {profiles.isPending && <i className="bone h-9" aria-busy="true" />}
        {profiles.data?.map((one) => (
          <label key={one.id} className="start-choice" data-missing={one.program === null || undefined}>
            <input
              type="radio"
              name={`${id}-agent`}
              value={one.id}
              checked={one.id === name}
              onChange={() => setChosen(one.id)}
            />
            <b>{one.id}</b>
            <span>{one.program === null ? "not installed" : (one.version ?? "installed")}</span>
          </label>
        ))}
      </fieldset>
      <fieldset className="start-kinds">
        <legend>What for</legend>
        {[
          { value: false, label: "Work", note: "changes code and commits; the issue is in progress" },
          { value: true, label: "Plan", note: "writes a plan into STATE.md, no code; the issue is in planning" },
        ].map(({ value, label, note }) => (
          <label key={label} className="start-choice">
            <input type="radio" name={`${id}-kind`} checked={plan === value} onChange={() => setPlan(value)} />
            <b>{label}</b>
            <span>{note}</span>
          </label>
        ))}
      </fieldset>
      <label className="start-prompt">
        <span>Also tell it (the issue itself is in its STATE.md)</span>
        <textarea
          rows={4}
          value={prompt}
          maxLength={100_000}
          placeholder="Nothing more"
          onChange={({ target }) => setPrompt(target.value)}
        />
      </label>
      {project?.path === null && (
        <p className="start-note">
          <Icon name="info" size={14} />
          {project.name} has no checkout: give it a <code>path</code> in its settings first.
        </p>
      )}
      {busy !== undefined && (
        <p className="start-note">
          <Icon name="info" size={14} />
          {busy.name} is at work on this issue already.
        </p>
      )}
      {start.error !== null && <ErrorNote error={toApiError(start.error)} />}
      <footer>
        <span className="text-12 text-ink-3 not-phone">
          In a git worktree and a branch of its own, made where there is none.
        </span>
        <span className="flex-1" />
        <button
          type="submit"
          className="button"
          data-kind="primary"
          data-size="large"
          disabled={start.isPending || profile?.program === null}
        >
          <Icon name={start.isPending ? "spin" : "play"} className={start.isPending ? "spinning" : undefined} />
          {plan ? "Plan" : "Start"}
          <kbd aria-hidden="true" className="not-phone">
            {commandKey("↵")}
          </kbd>
        </button>
      </footer>
    </form>
  );
}
