import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { TrackerShape, TrackersShape } from "../../../src/server/contract/tracker.ts";
import { queryKeys } from "../api/queries.ts";
import { AddProject } from "../settings/add-project.tsx";
import { CredentialForm } from "../settings/credential-form.tsx";
import { SearchButton } from "../shell/search-button.tsx";
import { useSingleKey } from "../shell/shortcuts.ts";
import { connectionLabel } from "../shell/tracker-sentence.ts";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { isFocusNowhere } from "../ui/nowhere.ts";
import { ProblemList } from "../ui/problem-list.tsx";
import { Words } from "../ui/words.tsx";
import "./first-run.css";

export type FirstRunProps = { readonly trackers: TrackersShape };

/** Shown while nothing is mirrored: connect a tracker, choose sources, and the board appears. */
export function FirstRun({ trackers: { trackers, problems } }: FirstRunProps) {
  const client = useQueryClient();
  const checkAgain = useCallback(() => {
    client.invalidateQueries({ queryKey: queryKeys.trackers }).catch(() => undefined);
  }, [client]);
  useSingleKey(["r", "R"], checkAgain);
  const [choosing, setChoosing] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const isReady = trackers.some((tracker) => tracker.health !== "not_configured" && tracker.error === null);
  const choose = useRef<HTMLButtonElement>(null);

  /** The tracker whose credentials were saved last; it gets the focus if they turn out to be wrong, otherwise the next step does. */
  const [saved, setSaved] = useState<string | null>(null);

  const done = (changed: TrackerShape | null) => {
    setOpen(null);
    setSaved(changed === null ? null : open);
  };
  useEffect(() => {
    const isStillThere = document.activeElement?.closest(".connect-list") != null || isFocusNowhere();
    if (saved !== null && isReady && isStillThere) choose.current?.focus();
  }, [saved, isReady]);

  return (
    <>
      <header className="bar">
        <h1 className="bar-title">Board</h1>
        <span className="flex-1" />
        <SearchButton />
      </header>
      <div className="first-run">
        <div className="w-full max-w-[808px]">
          <Steps at={choosing ? 2 : 1} />
          <h2 className="text-20 font-semibold tracking-tight">
            {choosing ? "Choose what to mirror" : "Connect a tracker"}
          </h2>
          <p className="mt-1 mb-6 text-14 text-ink-2">
            {choosing
              ? "Select repositories, teams or projects from one or more trackers. They become your first project."
              : "One is enough. Tokens are read from this machine and stay on it."}
          </p>
          {problems.length > 0 && <ProblemList problems={problems} className="mb-4" />}
          {choosing ? (
            <AddProject trackers={trackers} onDone={checkAgain} onCancel={() => setChoosing(false)} />
          ) : (
            <>
              <ul className="connect-list">
                {trackers.map((tracker) => (
                  <ConnectRow
                    key={tracker.connection}
                    tracker={tracker}
                    open={open === tracker.connection}
                    isWrong={saved === tracker.connection && tracker.error !== null && !isReady}
                    onOpen={() => {
                      setSaved(null);
                      setOpen(tracker.connection);
                    }}
                    onDone={done}
                  />
                ))}
              </ul>
              <div className="mt-4 flex flex-wrap items-center gap-2">
                {isReady && (
                  <button
                    ref={choose}
                    type="button"
                    className="button"
                    data-kind="primary"
                    data-size="large"
                    onClick={() => setChoosing(true)}
                  >
                    Choose what to mirror
                  </button>
                )}
                <p className="text-12 text-ink-3">
                  Demo: <code className="font-mono text-ink-2">pan demo</code> starts 5 sample trackers, nothing leaves
                  this machine
                </p>
                <span className="flex-1" />
                <button type="button" className="button -mr-2" data-kind="quiet" onClick={checkAgain}>
                  <Icon name="sync" />
                  Check again
                  <kbd>R</kbd>
                </button>
              </div>
            </>
          )}
        </div>
      </div>
    </>
  );
}

const steps = ["Connect", "Choose", "Board"];

function Steps({ at }: { readonly at: 1 | 2 }) {
  return (
    <ol className="first-steps" aria-label="Steps">
      {steps.map((step, index) => (
        <li key={step} aria-current={index + 1 === at ? "step" : undefined}>
          {index + 1 < at ? <Icon name="check" size={12} /> : <span>{index + 1}</span>}
          {step}
        </li>
      ))}
    </ol>
  );
}

type ConnectRowProps = {
  readonly tracker: TrackerShape;
  readonly open: boolean;
  /** The credentials saved a moment ago do not work. */
  readonly isWrong: boolean;
  readonly onOpen: () => void;
  readonly onDone: (saved: TrackerShape | null) => void;
};

function ConnectRow({ tracker, open, isWrong, onOpen, onDone }: ConnectRowProps) {
  const needed = tracker.credentials.filter(({ required, secret }) => required || secret);
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(open);
  useEffect(() => {
    if (wasOpen.current && !open) button.current?.focus();
    wasOpen.current = open;
  }, [open]);
  useEffect(() => {
    if (isWrong && isFocusNowhere()) button.current?.focus();
  }, [isWrong]);
  return (
    <li className="connect-item" data-open={open || undefined}>
      <div className="connect-row">
        <TrackerGlyph tracker={tracker.id} size={16} />
        <b className="font-semibold">{connectionLabel(tracker)}</b>
        <div className="how">
          {open ? null : (
            <>
              <Words text={needed[0]?.help ?? ""} />
              <span className="block">
                Saved as{" "}
                {needed.map(({ env, name }, index) => (
                  <span key={name}>
                    {index > 0 && ", "}
                    <code>{env[0] ?? name}</code>
                  </span>
                ))}
              </span>
            </>
          )}
        </div>
        <ConnectState tracker={tracker} />
        {!open && (
          <button
            ref={button}
            type="button"
            className="button"
            data-size="small"
            aria-label={`${tracker.health === "not_configured" ? "Connect" : "Change"} ${connectionLabel(tracker)}`}
            onClick={onOpen}
          >
            {tracker.health === "not_configured" ? "Connect" : "Change"}
          </button>
        )}
      </div>
      {open && <CredentialForm tracker={tracker} onDone={onDone} />}
    </li>
  );
}

function ConnectState({ tracker }: { readonly tracker: TrackerShape }) {
  const missing = tracker.credentials.filter(({ required, present }) => required && !present);
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
