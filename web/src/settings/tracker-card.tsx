import { useEffect, useRef, useState } from "react";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { useLive } from "../live/live-store.ts";
import { connectionLabel, failsHere, progressWords, toneColors, type Tone } from "../shell/tracker-sentence.ts";
import { useProgress } from "../shell/use-trackers.ts";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatAgo, formatUntil } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { CredentialForm } from "./credential-form.tsx";
import { hasCredentials } from "./credential-values.ts";
import { SyncButton } from "./sync-button.tsx";
import { Failure, TestFailure, TestOutcome } from "./test-outcome.tsx";
import { TrackerBudget } from "./tracker-budget.tsx";
import { TrackerIdentity } from "./tracker-identity.tsx";
import { TrackerSources } from "./tracker-sources.tsx";
import { useConnectionTest } from "./use-connection-test.ts";

const healthWords: Record<TrackerShape["health"], string> = {
  ok: "Connected",
  syncing: "Syncing",
  limited: "Rate limited",
  auth: "Token rejected",
  unreachable: "Unreachable",
  misconfigured: "Misconfigured",
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

/** A connection: account, credentials, rate limit, last sync and sources; problems below, with the fix. */
export function TrackerCard({ tracker }: { readonly tracker: TrackerShape }) {
  const now = useNow();
  const lostAt = useLive("lostAt");
  const progress = useProgress(tracker);
  const tone = lostAt === null ? healthTones[tracker.health] : "off";
  const label = connectionLabel(tracker);
  const configured = hasCredentials(tracker);
  const test = useConnectionTest(tracker);
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const returns = useRef(false);
  // The form's own button is gone once it is closed.
  useEffect(() => {
    if (editing || !returns.current) return;
    returns.current = false;
    opener.current?.focus();
  }, [editing]);
  const edit = () => {
    test.reset();
    setEditing(true);
  };
  const done = (saved: TrackerShape | null) => {
    returns.current = true;
    setEditing(false);
    if (saved !== null && hasCredentials(saved)) test.mutate({}, { onError: () => undefined });
  };
  return (
    <section className="tracker-card" id={`tracker-${tracker.connection}`} aria-label={label}>
      <div>
        <h2>
          <TrackerGlyph tracker={tracker.id} size={16} />
          {label}
          <span className="health">
            <i className="dot" data-hollow={tone === "off" || undefined} style={{ color: toneColors[tone] }} />
            {configured
              ? failsHere(tracker)
                ? "Sync fails"
                : healthWords[tracker.health]
              : healthWords.not_configured}
          </span>
        </h2>
        <TrackerIdentity tracker={tracker}>
          {!editing && (
            <button
              ref={opener}
              type="button"
              className={configured ? "icon-button" : "button"}
              data-size={configured ? undefined : "small"}
              aria-label={configured ? `Edit ${label} credentials` : `Connect ${label}`}
              title={configured ? "Replace, test or remove" : undefined}
              onClick={edit}
            >
              {configured ? <Icon name="pencil" size={14} /> : "Connect"}
            </button>
          )}
        </TrackerIdentity>
      </div>
      <div>
        <TrackerBudget tracker={tracker} now={now} />
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
                title={configured ? undefined : "No credentials to test yet"}
                onClick={() => test.mutate({})}
              >
                Test connection
              </button>
              <TestOutcome tracker={tracker} test={test} />
            </>
          )}
        </div>
      </div>
      <TrackerSources tracker={tracker} />
      {editing ? (
        <CredentialForm tracker={tracker} onDone={done} />
      ) : test.error !== null ? (
        <TestFailure error={test.error} />
      ) : (
        // A rate limit is shown with the budget and passes by itself; there is nothing to fix.
        tracker.error !== null && tracker.health !== "limited" && !test.isSuccess && <Failure {...tracker.error} />
      )}
    </section>
  );
}

function nextSyncWords(tracker: TrackerShape, now: number): string {
  if (!hasCredentials(tracker)) return "after you connect it";
  if (tracker.sources.length === 0) return `after you choose a ${tracker.sourceNoun.one}`;
  return tracker.nextSyncAt === null ? "not scheduled" : formatUntil(tracker.nextSyncAt, now);
}

const abilityWords: Readonly<Record<string, string>> = {
  labels: "labels",
  priority: "priority",
  estimate: "estimates",
  dueDate: "due dates",
  cycles: "cycles",
  parent: "parents",
  relations: "relations",
  comments: "comments",
  attachments: "files",
};

/** Which capabilities this tracker has, and which it lacks. */
function Abilities({ tracker: { capabilities } }: { readonly tracker: TrackerShape }) {
  const named = (wanted: boolean) =>
    Object.entries(abilityWords)
      .filter(([id]) => (capabilities[id] ?? false) === wanted)
      .map(([, words]) => words)
      .join(", ");
  const missing = named(false);
  return (
    <>
      <dt>Supports</dt>
      <dd>
        {named(true)}
        {missing !== "" && <span className="text-ink-3">; no {missing}</span>}
      </dd>
    </>
  );
}
