import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { navigate } from "wouter/use-browser-location";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import { toApiError } from "../api/client.ts";
import { projectsQuery } from "../api/queries.ts";
import { workApi } from "../api/work-endpoints.ts";
import { agentsQuery, profilesQuery, workKeys } from "../api/work-queries.ts";
import { useChanges } from "../changes/changes-provider.tsx";
import { subjectOf } from "../changes/use-issue-changes.ts";
import { issueEntry } from "../fields/parent-list.tsx";
import { useIssueSearch } from "../fields/use-issue-search.ts";
import type { DialogProps } from "../shell/dialog-props.ts";
import { DialogFrame } from "../shell/dialog.tsx";
import { commandKey } from "../shell/shortcuts.ts";
import { ChoiceList } from "../ui/choice-list.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatCount, formatNumberOf } from "../ui/time.ts";
import { agentPath } from "../routes.ts";
import { isAtWork } from "./agent-words.ts";
import "../fields/fields.css";
import "./work.css";

export type StartAgentDialogProps = DialogProps & {
  /** Absent: the dialog asks for an issue first. */
  readonly issues?: readonly IssueShape[] | undefined;
  readonly plan?: boolean | undefined;
};

/** How many issues the dialog lists by name; the rest are counted. */
const namedIssues = 6;

/** Starts an agent on one issue, or one on each of several. The user picks the agent, plan or work mode, and an extra prompt. */
export function StartAgentDialog({ issues: given = [], plan = false, onClose }: StartAgentDialogProps) {
  const [issues, setIssues] = useState(given);
  const title = issues.length > 1 ? `Start ${formatCount(issues.length)} agents` : "Start agent";
  return (
    <DialogFrame
      label={issues.length === 0 ? title : `${title} on ${subjectOf(issues)}`}
      title={title}
      className="start-agent"
      onClose={onClose}
      initialFocus={firstField}
    >
      {(close) =>
        issues.length === 0 ? (
          <IssueChoice onChoose={(issue) => setIssues([issue])} />
        ) : (
          <StartForm issues={issues} plan={plan} onDone={close} />
        )
      }
    </DialogFrame>
  );
}

/** The element focused initially: the issue search, otherwise the selected mode, where Enter submits. */
function firstField(): HTMLElement | null {
  return document.querySelector(".start-agent [role=combobox], .start-agent .start-kinds :checked");
}

function IssueChoice({ onChoose }: { readonly onChoose: (issue: IssueShape) => void }) {
  const [text, setText] = useState("");
  const { issues, loading } = useIssueSearch(text);
  return (
    <ChoiceList
      label="Issue to work on"
      placeholder="Find an issue by ref or title"
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

type StartFormProps = {
  /** Never empty. */
  readonly issues: readonly IssueShape[];
  readonly plan: boolean;
  readonly onDone: () => void;
};

function StartForm({ issues, plan: planAtFirst, onDone }: StartFormProps) {
  const id = useId();
  const client = useQueryClient();
  const { say } = useChanges();
  const profiles = useQuery(profilesQuery);
  const projects = useQuery(projectsQuery).data?.filter(({ id: own }) => issues.some(({ project }) => project === own));
  const busy = useQuery(agentsQuery).data?.agents.filter(
    (agent) => issues.some(({ ref }) => ref === agent.ref) && isAtWork(agent),
  );
  /** Issues whose agent was started before another one failed; a retry skips them. */
  const [started, setStarted] = useState<readonly string[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const [chosen, setChosen] = useState<string>();
  const [plan, setPlan] = useState(planAtFirst);
  const [prompt, setPrompt] = useState("");
  const agentOf = (known: readonly ProjectShape[] | undefined) =>
    chosen ?? known?.find((one) => one.id === issues[0]?.project)?.agent ?? "claude";
  const name = agentOf(projects);
  const profile = profiles.data?.find((one) => one.id === name);
  const start = useMutation({
    mutationFn: async () => {
      const agents = [];
      // The user may submit before the project's default agent has loaded.
      const agent = agentOf(await client.ensureQueryData(projectsQuery));
      // Sequential: the issues may share a repository, and each start creates a worktree in it.
      for (const { address } of issues) {
        if (started.includes(address)) continue;
        agents.push(await workApi.startAgent({ ref: address, agent, plan, prompt, wait: false }));
        setStarted((before) => [...before, address]);
      }
      return agents;
    },
    onSuccess: ([agent]) => {
      onDone();
      if (agent === undefined) return;
      say(
        issues.length === 1
          ? `Starting ${agent.name} on ${agent.ref}`
          : `Starting ${agent.name} on ${formatCount(issues.length)} issues`,
      );
      navigate(issues.length === 1 ? agentPath(agent.id) : "/agents");
    },
    onSettled: () => client.invalidateQueries({ queryKey: workKeys.agents }),
  });
  const submit = () => {
    if (!start.isPending) start.mutate();
  };
  useEffect(() => {
    // This form may have replaced the search field, which held the focus.
    if (form.current?.contains(document.activeElement) !== true) firstField()?.focus();
  }, []);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the submit shortcut works in any field
    <form
      ref={form}
      className="start-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        submit();
      }}
    >
      <ul>
        {issues.slice(0, namedIssues).map((issue) => (
          <li key={issue.address} className="start-issue">
            <TrackerGlyph tracker={issue.tracker} />
            <b>{issue.ref}</b>
            <span className="truncate" dir="auto">
              {issue.title}
            </span>
          </li>
        ))}
        {issues.length > namedIssues && (
          <li className="text-12 text-ink-3">and {formatNumberOf(issues.length - namedIssues, "more issue")}</li>
        )}
      </ul>
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
        <legend>Task</legend>
        {[
          { value: false, label: "Work", note: "changes code and commits; moves the issue to In Progress" },
          { value: true, label: "Plan", note: "writes a plan to STATE.md, no code; moves the issue to Planning" },
        ].map(({ value, label, note }) => (
          <label key={label} className="start-choice">
            <input type="radio" name={`${id}-kind`} checked={plan === value} onChange={() => setPlan(value)} />
            <b>{label}</b>
            <span>{note}</span>
          </label>
        ))}
      </fieldset>
      <label className="start-prompt">
        <span>Extra instructions (STATE.md already contains the issue)</span>
        <textarea
          rows={4}
          value={prompt}
          maxLength={100_000}
          placeholder="Optional"
          onChange={({ target }) => setPrompt(target.value)}
        />
      </label>
      {projects
        ?.filter(({ path }) => path === null)
        .map((project) => (
          <p key={project.id} className="start-note">
            <Icon name="info" size={14} />
            {project.name} has no checkout. Set its <code>path</code> in project settings first.
          </p>
        ))}
      {busy?.map((agent) => (
        <p key={agent.id} className="start-note">
          <Icon name="info" size={14} />
          {agent.name} is already working on {issues.length === 1 ? "this issue" : agent.ref}.
        </p>
      ))}
      {start.error !== null && (
        <>
          {issues.length > 1 && (
            <p className="start-note">
              <Icon name="info" size={14} />
              {formatCount(started.length)} of {formatCount(issues.length)} agents started before this error:
            </p>
          )}
          <ErrorNote error={toApiError(start.error)} />
        </>
      )}
      <footer>
        <span className="text-12 text-ink-3 not-phone">
          Runs in its own git worktree and branch, created if needed.
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
          {issues.length > 1 && ` ${formatNumberOf(issues.length, plan ? "issue" : "agent")}`}
          <kbd aria-hidden="true" className="not-phone">
            {commandKey("↵")}
          </kbd>
        </button>
      </footer>
    </form>
  );
}
