import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { toApiError } from "../api/client.ts";
import { projectsQuery } from "../api/queries.ts";
import { dispatchQuery, profilesQuery } from "../api/work-queries.ts";
import { canNotify, chooseNotifications, wantsNotifications } from "../agents/notification-choice.ts";
import { issuePath } from "../routes.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatNumberOf } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { claimWords } from "./claim-words.ts";
import { useChangeProject } from "./use-change-project.ts";
import "../agents/work.css";

/** The agent profiles, their automatic actions on issues, and dispatch. */
export function AgentsTab() {
  return (
    <>
      <Profiles />
      <Notifications />
      <Signals />
      <Dispatch />
    </>
  );
}

function Profiles() {
  const { data, error, isPending } = useQuery(profilesQuery);
  return (
    <section className="agent-settings" aria-labelledby="profiles">
      <div className="section-head">
        <h2 id="profiles">Agents</h2>
        <p>
          Four are built in. Add or change agents under <code>agents</code> in <code>config.yaml</code>.
        </p>
      </div>
      {error !== null && <ErrorNote error={toApiError(error)} />}
      <ul className="agent-rows agent-profiles" aria-busy={isPending}>
        {isPending && <li className="late bone h-3" />}
        {data?.map(({ id, builtIn, command, program, version }) => (
          <li key={id}>
            <Icon
              name={program === null ? "x" : "check"}
              size={14}
              className={program === null ? "text-ink-4" : "text-ok"}
            />
            <b>{id}</b>
            <span className="text-ink-3">{builtIn ? "built in" : "yours"}</span>
            <span>{program === null ? `${command[0] ?? ""} is not installed` : (version ?? "installed")}</span>
            <code className="truncate" title={command.join(" ")}>
              {program ?? command.join(" ")}
            </code>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Notifications() {
  const [on, setOn] = useState(wantsNotifications);
  const [refused, setRefused] = useState(false);
  return (
    <section className="agent-settings" aria-labelledby="notifications">
      <div className="section-head">
        <h2 id="notifications">Notifications</h2>
        <p>Saved in this browser.</p>
      </div>
      <div className="agent-rows">
        <label className="agent-switch">
          <input
            type="checkbox"
            className="check-input"
            checked={on}
            disabled={!canNotify()}
            onChange={({ target }) => {
              const wanted = target.checked;
              chooseNotifications(wanted).then(
                (holds) => {
                  setOn(holds);
                  setRefused(wanted && !holds);
                },
                () => setRefused(true),
              );
            }}
          />
          Notify me when an agent waits and this page is not visible
        </label>
      </div>
      {refused && <p className="mt-1 text-12 text-warn">The browser blocks notifications for this address.</p>}
    </section>
  );
}

function Signals() {
  const projects = useQuery(projectsQuery).data ?? [];
  return (
    <section className="agent-settings" aria-labelledby="signals">
      <div className="section-head">
        <h2 id="signals">Automatic status</h2>
        <p>
          Planning started → Planning. Agent started → In Progress. Finished with commits, or request opened → In
          Review. Merged → Done. A status you set by hand wins.
        </p>
      </div>
      <ul className="agent-rows">
        {projects.map((project) => (
          <ProjectSignals key={project.id} id={project.id} name={project.name} on={project.signals} />
        ))}
      </ul>
    </section>
  );
}

function ProjectSignals({ id, name, on }: { readonly id: string; readonly name: string; readonly on: boolean }) {
  const change = useChangeProject(id);
  return (
    <li>
      <label className="agent-switch">
        <input
          type="checkbox"
          className="check-input"
          checked={on}
          disabled={change.isPending}
          onChange={({ target }) => change.mutate({ signals: target.checked ? null : false })}
        />
        {name}: update status from agents and requests
      </label>
      {change.error !== null && <ErrorNote error={toApiError(change.error)} />}
    </li>
  );
}

function Dispatch() {
  const now = useNow();
  const { data, error } = useQuery(dispatchQuery);
  return (
    <section className="agent-settings" aria-labelledby="dispatch">
      <div className="section-head">
        <h2 id="dispatch">Dispatch</h2>
        <p>
          {data === undefined
            ? "Starts agents by your rules."
            : data.enabled
              ? `${data.paused === null ? "On" : "Paused"}: ${data.slots.used} of ${formatNumberOf(data.slots.total, "slot")} used.`
              : "Off: projects.yaml has no dispatch rules."}
        </p>
      </div>
      {error !== null && <ErrorNote error={toApiError(error)} />}
      {/* Problems in the rules themselves are listed above, with file and line. */}
      {data?.paused != null && (
        <p className="start-note">
          <Icon name="alert" size={14} />
          {data.paused}
        </p>
      )}
      {data?.enabled === true && (
        <>
          <DispatchList
            name="Claimed"
            entries={data.claimed.map((claim) => ({ ...claim, more: claimWords(claim, now) }))}
          />
          <DispatchList name="Ready to start" entries={data.start.map((issue) => ({ ...issue, more: "" }))} />
          <DispatchList
            name="Matching, not starting"
            entries={data.others.map((issue) => ({ ...issue, more: issue.reason }))}
          />
        </>
      )}
    </section>
  );
}

type DispatchEntry = {
  readonly ref: string;
  readonly title: string | null;
  readonly tracker: string | null;
  readonly more: string;
};

const maxListed = 50;

function DispatchList({ name, entries }: { readonly name: string; readonly entries: readonly DispatchEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <>
      <h3 className="dispatch-head">
        {name} <span>{entries.length}</span>
      </h3>
      <ul className="agent-rows agent-profiles dispatch-list">
        {entries.slice(0, maxListed).map(({ ref, title, tracker, more }) => (
          <li key={ref}>
            {tracker === null ? <span /> : <TrackerGlyph tracker={tracker} />}
            <Link href={issuePath(ref)}>
              <b>{ref}</b>
            </Link>
            <span className="truncate">{title}</span>
            <span className="text-ink-3">{more}</span>
          </li>
        ))}
      </ul>
      {entries.length > maxListed && (
        <p className="text-ink-3">{entries.length - maxListed} more. List all with pan dispatch --dry-run.</p>
      )}
    </>
  );
}
