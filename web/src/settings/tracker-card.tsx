/* oxlint-disable jsx-a11y/prefer-tag-over-role -- browsers draw <meter> as they like */
import { useRef, useState, type ReactNode } from "react";
import { Link } from "wouter";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { useLive } from "../live/live-store.ts";
import { connectionLabel, failsHere, progressWords, toneColors, type Tone } from "../shell/tracker-sentence.ts";
import { useProgress } from "../shell/use-trackers.ts";
import { useSyncNow } from "../shell/use-sync-now.ts";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatAgo, formatClock, formatCount, formatNumberOf, formatUntil } from "../ui/time.ts";
import { Words } from "../ui/words.tsx";
import { useNow } from "../ui/use-now.ts";
import { CredentialForm } from "./credential-form.tsx";
import type { Credential } from "./credential-values.ts";
import { Failure, TestFailure, TestOutcome } from "./test-outcome.tsx";
import { useConnectionTest } from "./use-connection-test.ts";

const healthWords: Record<TrackerShape["health"], string> = {
  ok: "Connected",
  syncing: "Syncing",
  limited: "Rate limited",
  auth: "Access refused",
  unreachable: "Not reachable",
  misconfigured: "Set up wrongly",
  not_configured: "Not connected",
};

const healthTones: Record<TrackerShape["health"], Tone> = {
  ok: "ok",
  syncing: "busy",
  limited: "warn",
  auth: "bad",
  unreachable: "bad",
  misconfigured: "bad",
  not_configured: "off",
};

/** A connection: who, with what, how much is left, when, what is mirrored; what is wrong below, with the fix. */
export function TrackerCard({ tracker }: { readonly tracker: TrackerShape }) {
  const now = useNow();
  const lostAt = useLive("lostAt");
  const progress = useProgress(tracker);
  const tone = lostAt === null ? healthTones[tracker.health] : "off";
  const label = connectionLabel(tracker);
  const configured = tracker.health !== "not_configured";
  const test = useConnectionTest(tracker);
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const edit = () => {
    test.reset();
    setEditing(true);
  };
  const done = (saved: boolean) => {
    setEditing(false);
    requestAnimationFrame(() => opener.current?.focus());
    if (saved) test.mutate({}, { onError: () => undefined });
  };
  return (
    <section className="tracker-card" id={`tracker-${tracker.connection}`} aria-label={label}>
      <div>
        <h2>
          <TrackerGlyph tracker={tracker.id} size={16} />
          {label}
          <span className="health">
            <i className="dot" data-hollow={tone === "off" || undefined} style={{ color: toneColors[tone] }} />
            {failsHere(tracker) ? "Sync fails" : healthWords[tracker.health]}
          </span>
        </h2>
        <Identity tracker={tracker}>
          {!editing && (
            <button
              ref={opener}
              type="button"
              className={configured ? "icon-button" : "button"}
              data-size={configured ? undefined : "small"}
              aria-label={configured ? `Change the credentials of ${label}` : `Connect ${label}`}
              title={configured ? "Replace, test or remove" : undefined}
              onClick={edit}
            >
              {configured ? <Icon name="pencil" size={14} /> : "Connect"}
            </button>
          )}
        </Identity>
      </div>
      <div>
        <Budget tracker={tracker} now={now} />
        <dl className="pairs">
          <dt>Last sync</dt>
          <dd>
            {progress !== null
              ? progressWords(progress)
              : tracker.lastSyncAt === null
                ? "never"
                : formatAgo(tracker.lastSyncAt, now)}
          </dd>
          <dt>Next sync</dt>
          <dd>{nextSyncWords(tracker, now)}</dd>
          <Abilities tracker={tracker} />
        </dl>
        <div className="actions">
          <SyncButton tracker={tracker} />
          {!editing && (
            <>
              <button
                type="button"
                className="button"
                data-size="small"
                disabled={test.isPending || !configured}
                title={configured ? undefined : "Nothing to test yet: no credentials are stored"}
                onClick={() => test.mutate({})}
              >
                Test connection
              </button>
              <TestOutcome tracker={tracker} test={test} />
            </>
          )}
        </div>
      </div>
      <Sources tracker={tracker} />
      {editing ? (
        <CredentialForm tracker={tracker} onDone={done} />
      ) : test.error !== null ? (
        <TestFailure error={test.error} />
      ) : (
        // A limit is said beside the budget, and passes by itself: there is nothing to mend.
        configured &&
        tracker.error !== null &&
        tracker.health !== "limited" &&
        !test.isSuccess && <Failure {...tracker.error} />
      )}
    </section>
  );
}

function nextSyncWords(tracker: TrackerShape, now: number): string {
  if (tracker.health === "not_configured") return "once it is connected";
  if (tracker.sources.length === 0) return `once a ${tracker.sourceNoun.one} is chosen`;
  return tracker.nextSyncAt === null ? "not planned" : formatUntil(tracker.nextSyncAt, now);
}

function Identity({ tracker, children }: { readonly tracker: TrackerShape; readonly children: ReactNode }) {
  const { account, server } = tracker;
  const secrets = tracker.credentials.filter(({ secret }) => secret);
  const others = tracker.credentials.filter(({ secret, present, name }) => !secret && present && name !== "server");
  return (
    <dl className="pairs">
      <dt>Account</dt>
      <dd className="wrap-anywhere">
        {account === null ? (
          <span className="text-ink-3">not known yet</span>
        ) : (
          <>
            {account.login}
            {account.name !== "" && account.name !== account.login && ` (${account.name})`}
          </>
        )}
        {server !== null && <span className="text-ink-3"> · {hostOf(server)}</span>}
      </dd>
      {account !== null && account.scopes !== null && (
        <>
          <dt>Scopes</dt>
          <dd className="wrap-anywhere">{account.scopes.length === 0 ? "none" : account.scopes.join(", ")}</dd>
        </>
      )}
      {tracker.warnings.map(({ message, hint }) => (
        <dd key={message} className="col-span-2 flex gap-1.5 text-warn" title={hint ?? undefined}>
          <Icon name="alert" size={14} className="mt-[3px]" />
          <span>
            <Words text={message} />
          </span>
        </dd>
      ))}
      {[...secrets, ...others].map((field, index) => (
        <CredentialRow key={field.name} field={field}>
          {index === 0 && children}
        </CredentialRow>
      ))}
    </dl>
  );
}

function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server;
}

/** Where a credential comes from; never what it is. */
function CredentialRow({ field, children }: { readonly field: Credential; readonly children: ReactNode }) {
  const key = field.env[0] ?? field.name;
  return (
    <>
      <dt title={field.label}>{field.secret ? "Token" : "Also"}</dt>
      <dd className="flex items-start gap-1">
        {field.present ? (
          <span className="min-w-0">
            from{" "}
            {field.stored ? (
              <>
                <code>{field.key}</code> in <code title={field.origin ?? undefined}>.panopticon.env</code>
              </>
            ) : (
              <code>{field.origin ?? key}</code>
            )}
            {field.locked !== null && (
              <Icon name="lock" size={12} className="ml-1 inline align-[-2px] text-ink-3" label={field.locked.reason} />
            )}
          </span>
        ) : (
          <span className="min-w-0 flex-1">
            <span className={field.required ? undefined : "text-ink-3"}>
              <code>{key}</code> is not set
            </span>
            <span className="block text-11 text-ink-3">
              <Words text={field.help} />
              {field.fallback !== null && ` ${field.fallback} would do as well.`}
            </span>
          </span>
        )}
        {children}
      </dd>
    </>
  );
}

const abilityWords: Readonly<Record<string, string>> = {
  priority: "priority",
  estimate: "estimates",
  dueDate: "due dates",
  cycles: "cycles",
  parent: "parents",
  relations: "relations",
  comments: "comments",
  attachments: "files",
};

/** What issues of this tracker have, and what they do not. */
function Abilities({ tracker: { capabilities } }: { readonly tracker: TrackerShape }) {
  const named = (wanted: boolean) =>
    Object.entries(abilityWords)
      .filter(([id]) => (capabilities[id] ?? false) === wanted)
      .map(([, words]) => words)
      .join(", ");
  const missing = named(false);
  return (
    <>
      <dt>Has</dt>
      <dd>
        {named(true)}
        {missing !== "" && <span className="text-ink-3">; no {missing}</span>}
      </dd>
    </>
  );
}

function Budget({ tracker, now }: { readonly tracker: TrackerShape; readonly now: number }) {
  const { budget } = tracker;
  const sent = `${formatNumberOf(tracker.requests, "request")} sent`;
  if (budget === null || budget.limit === null || budget.remaining === null) {
    return (
      <>
        <div className="budget">
          <span>
            {tracker.health === "not_configured" ? "No budget yet" : `No budget reported by ${tracker.label}`}
          </span>
          <span className="text-ink-3">{sent}</span>
        </div>
        <div className="meter" data-unknown />
      </>
    );
  }
  const left = budget.limit === 0 ? 0 : Math.max(0, Math.min(1, budget.remaining / budget.limit));
  const low = left < 0.1 || tracker.health === "limited";
  return (
    <>
      <div className="budget" title={`${sent} since the server started`}>
        <span>
          {formatCount(budget.remaining)} of {formatNumberOf(budget.limit, "request")} left
        </span>
        {budget.resetAt !== null && Date.parse(budget.resetAt) > now && (
          <span className="text-ink-3">
            {tracker.health === "limited" ? "resumes" : "resets"} {formatClock(budget.resetAt)}
          </span>
        )}
      </div>
      <div
        className="meter"
        role="meter"
        aria-label="Requests left"
        aria-valuemin={0}
        aria-valuemax={budget.limit}
        aria-valuenow={budget.remaining}
        data-low={low || undefined}
      >
        <i style={{ width: `${left * 100}%` }} />
      </div>
    </>
  );
}

function SyncButton({ tracker }: { readonly tracker: TrackerShape }) {
  const sync = useSyncNow();
  const result = sync.data?.[0];
  const failed =
    result?.failures[0]?.problem.detail ?? (sync.error === null ? undefined : toApiError(sync.error).message);
  const words =
    failed ??
    (result &&
      `${formatNumberOf(result.changed, "change")}, ${result.removed} removed, ${formatNumberOf(result.requests, "request")}`);
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      disabled={sync.isPending || tracker.sources.length === 0}
      title={words ?? (tracker.sources.length === 0 ? `No ${tracker.sourceNoun.one} is chosen yet` : undefined)}
      onClick={() => sync.mutate([tracker.connection])}
    >
      <Icon name="sync" className={sync.isPending ? "spinning" : undefined} />
      {sync.isPending ? "Syncing…" : "Sync now"}
      {words !== undefined && !sync.isPending && <output className="sr-only">{words}</output>}
    </button>
  );
}

function Sources({ tracker }: { readonly tracker: TrackerShape }) {
  const noun = tracker.sourceNoun.many;
  return (
    <div>
      <ul>
        <li className="source source-head">
          {noun.charAt(0).toUpperCase() + noun.slice(1)}
          <span>Issues</span>
        </li>
        {tracker.sources.map((source) => (
          <li key={source.id}>
            <p className="source" title={`${source.name}, in the project ${source.project}`}>
              <span className="truncate">{source.name}</span>
              <span>{formatCount(source.issues)}</span>
            </p>
            {source.rejected > 0 && (
              <p className="source-note text-warn">{formatNumberOf(source.rejected, "record")} could not be read</p>
            )}
            {source.error !== null && source.error.code !== "rate_limited" && (
              <p className="source-note text-bad" title={source.error.hint ?? undefined}>
                {source.error.message}
              </p>
            )}
          </li>
        ))}
      </ul>
      {tracker.sources.length === 0 && <p className="text-12 text-ink-3">None mirrored.</p>}
      {tracker.health !== "not_configured" && (
        <Link href="/settings/projects#add" className="button -ml-2 mt-1" data-kind="quiet" data-size="small">
          <Icon name="plus" />
          Add
        </Link>
      )}
    </div>
  );
}
