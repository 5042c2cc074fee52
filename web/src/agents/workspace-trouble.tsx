import type { WorkspaceShape } from "../../../src/server/contract/work.ts";
import { Icon } from "../ui/icon.tsx";
import { Words } from "../ui/words.tsx";
import "./work.css";

type WorkspaceTroubleProps = {
  readonly workspace: WorkspaceShape;
  /** Whether its creation was just requested. */
  readonly again: boolean;
  /** Creates it again, or continues a creation that failed. */
  readonly onAgain: () => void;
};

/** What a workspace lacks, with the button that mends it, or the step of its creation. Renders nothing for one that is well. */
export function WorkspaceTrouble({ workspace, again, onAgain }: WorkspaceTroubleProps) {
  const { state, step, problem, trouble } = workspace;
  if (state === "creating") {
    return (
      <output className="workspace-note">
        <Icon name="spin" size={14} className="spinning text-run" />
        {step === null ? "Creating…" : `${stepWords[step]}…`}
      </output>
    );
  }
  if (state === "failed") {
    return (
      <p className="workspace-note" data-tone="bad">
        <Icon name="alert" size={14} />
        <span>
          {step !== null && <b>{step}: </b>}
          <Words text={problem ?? ""} />
        </span>
        <button type="button" className="button" data-size="small" disabled={again} onClick={onAgain}>
          Retry
        </button>
      </p>
    );
  }
  if (state !== "ready" || trouble === null) return null;
  return (
    <p className="workspace-note" data-tone="bad">
      <Icon name="alert" size={14} />
      <span>{sentenceOf(trouble.words)}</span>
      {trouble.mendable && (
        <button type="button" className="button" data-size="small" disabled={again} onClick={onAgain}>
          {again ? "Creating…" : "Recreate"}
        </button>
      )}
    </p>
  );
}

const stepWords: Readonly<Record<NonNullable<WorkspaceShape["step"]>, string>> = {
  fetch: "Fetching the latest commits",
  branch: "Creating branch and worktree",
  copy: "Copying files",
  setup: "Running setup",
};

/** `its folder is gone` → `Its folder is gone.` */
const sentenceOf = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
