import { useEffect, useRef } from "react";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icon.tsx";
import { formatCount, formatNumberOf } from "../ui/time.ts";
import { Words } from "../ui/words.tsx";
import type { ConnectionTest } from "./use-connection-test.ts";

type OutcomeProps = { readonly tracker: TrackerShape; readonly test: ConnectionTest };

/** The result of a test in one line next to its button. */
export function TestOutcome({ tracker, test }: OutcomeProps) {
  return (
    <output className="outcome">
      {test.isPending && (
        <>
          <Icon name="spin" size={14} className="spinning text-run" /> Testing…
        </>
      )}
      {test.data !== undefined && (
        <>
          <Icon name="check" size={14} className="text-ok" />
          <span title={test.data.result.message}>
            Connected as {test.data.result.account.login} ·{" "}
            {formatNumberOf(test.data.result.sources.length, tracker.sourceNoun.one, tracker.sourceNoun.many)} ·{" "}
            {formatCount(test.data.tookMs)} ms
          </span>
        </>
      )}
      {test.error !== null && (
        <>
          <Icon name="alert" size={14} className="text-bad" />
          <span className="text-bad">Failed, see below</span>
        </>
      )}
    </output>
  );
}

/** Why a test failed: the tracker's message, the request, and how to fix it. */
export function TestFailure({ error }: { readonly error: unknown }) {
  const place = useRef<HTMLDivElement>(null);
  // The user asked for the result, so scroll it into view.
  useEffect(() => {
    place.current?.scrollIntoView({ block: "nearest" });
  }, [error]);
  return (
    <div ref={place} className="col-span-full">
      <CallFailure error={error} />
    </div>
  );
}

type FailureProps = {
  readonly message: string;
  readonly hint?: string | null | undefined;
  readonly request?: string | undefined;
};

/** Why a call failed. Spreading an error would lose `message`, which is not enumerable. */
export function CallFailure({ error }: { readonly error: unknown }) {
  const { message, hint, request } = toApiError(error);
  return <Failure message={message} hint={hint} request={request} />;
}

export function Failure({ message, hint, request }: FailureProps) {
  const details = [message, request, hint].filter(Boolean).join("\n");
  return (
    <div className="fix" role="alert">
      <Icon name="alert" size={16} className="text-bad" />
      <p className="min-w-0 font-semibold wrap-anywhere">
        <Words text={message} />
      </p>
      <CopyButton text={details} label="Copy details" />
      <dl>
        {request !== undefined && (
          <>
            <dt>Sent</dt>
            <dd>
              <pre>{readable(request)}</pre>
            </dd>
          </>
        )}
        {hint != null && hint !== "" && (
          <>
            <dt>Fix</dt>
            <dd>
              <Words text={hint} />
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}

/** A request URL in readable form: `%20` becomes a space. */
function readable(request: string): string {
  try {
    return decodeURIComponent(request.replaceAll("+", " "));
  } catch {
    return request;
  }
}
