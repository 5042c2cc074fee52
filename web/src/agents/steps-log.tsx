import { useEffect, useRef, useState } from "react";
import { toApiError, type ApiError } from "../api/client.ts";
import { workApi } from "../api/work-endpoints.ts";
import { ErrorNote } from "../ui/error-note.tsx";

const pauseMs = 400;
const shownBytes = 200_000;

type StepsLogProps = {
  readonly workspace: string;
  readonly live: boolean;
  /** In bytes; negative: from the end. */
  readonly start?: number;
};

/** The output of a workspace's steps (copy, setup, hooks), live while they run. */
export function StepsLog({ workspace, live, start = -shownBytes }: StepsLogProps) {
  const [text, setText] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const box = useRef<HTMLPreElement>(null);

  useEffect(() => {
    const stop = new AbortController();
    let from = start;
    let all = "";
    const read = async () => {
      for (;;) {
        const part = await workApi.workspaceLog(workspace, from, stop.signal);
        from = part.end;
        all = (all + part.text).slice(-shownBytes);
        setText(all);
        if (!live && part.text === "") return;
        await new Promise((resolve) => {
          setTimeout(resolve, pauseMs);
        });
        if (stop.signal.aborted) return;
      }
    };
    read().catch((thrown: unknown) => {
      if (!stop.signal.aborted) setError(toApiError(thrown));
    });
    return () => stop.abort();
  }, [workspace, live, start]);

  useEffect(() => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, [text]);

  if (error !== null) {
    return (
      <div className="p-4">
        <ErrorNote error={error} />
      </div>
    );
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable text must be reachable by keyboard
    <pre className="steps-log" ref={box} tabIndex={0} aria-label="Step output" aria-busy={text === null}>
      {text === "" ? "No output." : text}
    </pre>
  );
}
