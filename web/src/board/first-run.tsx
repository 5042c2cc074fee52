import { useQueryClient } from "@tanstack/react-query";
import { Fragment, useCallback } from "react";
import { Link } from "wouter";
import type { TrackerShape, TrackersShape } from "../../../src/server/contract/tracker.ts";
import { queryKeys } from "../api/queries.ts";
import { SearchButton } from "../shell/search-button.tsx";
import { useSingleKey } from "../shell/shortcuts.ts";
import { connectionLabel } from "../shell/tracker-sentence.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { Words } from "../ui/words.tsx";
import { ProblemList } from "../ui/problem-list.tsx";

/** Nothing is mirrored yet: how to connect each tracker, read from what the server knows of them. */
export function FirstRun({ trackers: { trackers, problems } }: { readonly trackers: TrackersShape }) {
  const client = useQueryClient();
  const checkAgain = useCallback(() => {
    client.invalidateQueries({ queryKey: queryKeys.trackers }).catch(() => undefined);
  }, [client]);
  useSingleKey(["r", "R"], checkAgain);
  const connected = trackers.filter((tracker) => tracker.health !== "not_configured");
  const ready = connected[0];
  return (
    <>
      <header className="bar">
        <h1 className="bar-title">Board</h1>
        <span className="flex-1" />
        <SearchButton />
      </header>
      <div className="first-run">
        <div className="w-full max-w-[808px]">
          <h2 className="text-20 font-semibold tracking-tight">
            {ready === undefined ? "Connect a tracker" : "Choose what to mirror"}
          </h2>
          <p className="mt-1 mb-6 text-14 text-ink-2">
            {ready === undefined
              ? "One is enough. Tokens are read from this machine and stay on it."
              : "A tracker is connected. Add the first project, and its issues are on the board."}
          </p>
          {problems.length > 0 && <ProblemList problems={problems} className="mb-4" />}
          <ul className="connect-list">
            {trackers.map((tracker) => (
              <ConnectRow key={tracker.connection} tracker={tracker} />
            ))}
          </ul>
          <div className="mt-4 flex flex-wrap items-center gap-2">
            {ready !== undefined && (
              <Link href="/settings/projects#add" className="button" data-kind="primary" data-size="large">
                Add a project
              </Link>
            )}
            <p className="text-12 text-ink-3">
              Just looking? <code className="font-mono text-ink-2">pan demo</code> shows made-up trackers; nothing
              leaves this machine
            </p>
            <span className="flex-1" />
            <button type="button" className="button" data-kind="quiet" onClick={checkAgain}>
              <Icon name="sync" />
              Check again
              <kbd>R</kbd>
            </button>
          </div>
        </div>
      </div>
    </>
  );
}

type Credential = TrackerShape["credentials"][number];

function ConnectRow({ tracker }: { readonly tracker: TrackerShape }) {
  const needed = tracker.credentials.filter(({ required }) => required);
  const fields = needed.length > 0 ? needed : tracker.credentials.slice(0, 1);
  const optional = tracker.credentials.filter((field) => !fields.includes(field));
  const lines = fields.map((field) => `${field.env[0] ?? field.name}=${field.placeholder ?? "…"}`);
  const fallback = fields.find((field) => field.fallback !== null)?.fallback;
  return (
    <li className="connect-row">
      <TrackerGlyph tracker={tracker.id} size={16} />
      <b className="font-semibold">{connectionLabel(tracker)}</b>
      <div className="how">
        <span className="flex max-w-full items-center gap-1">
          <code className="command truncate">{lines.join("  ")}</code>
          <CopyButton
            text={fields.map((field) => `${field.env[0] ?? field.name}=`).join("\n")}
            label={`Copy ${lines.length === 1 ? "this line" : "these lines"}`}
          />
        </span>
        <span className="block">
          in <code>~/.panopticon.env</code>
          {lines.length > 1 && ", one line each"}
          {fallback != null && `, or from ${fallback}`}
          {optional.length > 0 && "; optional: "}
          {optional.map((field, index) => (
            <Fragment key={field.name}>
              {index > 0 && ", "}
              <code>{field.env[0] ?? field.name}</code>
            </Fragment>
          ))}
        </span>
        {fields.map((field) => (
          <span className="block" key={field.name}>
            <Words text={field.help} />
          </span>
        ))}
      </div>
      <ConnectState tracker={tracker} missing={fields.filter((field) => !field.present)} />
    </li>
  );
}

function ConnectState({
  tracker,
  missing,
}: {
  readonly tracker: TrackerShape;
  readonly missing: readonly Credential[];
}) {
  if (tracker.health === "not_configured") {
    const some = missing.length < tracker.credentials.filter(({ required }) => required).length;
    return (
      <span className="result">
        <i className="dot" data-hollow />
        {some ? `${missing.map(({ label }) => label).join(", ")} missing` : "Not connected"}
      </span>
    );
  }
  if (tracker.error !== null) {
    return (
      <span className="result text-bad!" title={tracker.error.hint ?? undefined}>
        <Icon name="alert" size={14} />
        <span className="whitespace-normal">{tracker.error.message}</span>
      </span>
    );
  }
  const origin = tracker.credentials.find(({ secret, present }) => secret && present)?.origin;
  return (
    <span className="result text-ink!" title={origin ?? undefined}>
      <Icon name="check" size={14} className="text-ok" />
      {tracker.account === null ? "Found" : `Found, ${tracker.account.login}`}
    </span>
  );
}
