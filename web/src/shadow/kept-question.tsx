import { formatNumberOf } from "../ui/time.ts";
import type { KeptActions } from "./use-kept-actions.ts";

type KeptQuestionProps = {
  /** How many moves stayed here. */
  readonly count: number;
  /** The moves in question: of one project, or all. */
  readonly choice: { readonly project?: string };
  readonly actions: KeptActions;
  /** Switches shadow mode off. */
  readonly onOff: () => void;
  readonly onCancel: () => void;
};

/** Asks what is to become of the moves that stayed here, before shadow mode is switched off. */
export function KeptQuestion({ count, choice, actions, onOff, onCancel }: KeptQuestionProps) {
  const { busy, send, drop } = actions;
  const settle = async (how: typeof drop) => {
    if (await how(choice)) onOff();
    // What did not go says why in the list, and shadow mode stays on for it.
    else onCancel();
  };
  const one = count === 1;
  return (
    <fieldset className="kept-question" disabled={busy}>
      <legend className="sr-only">Before shadow mode is switched off</legend>
      <p className="font-semibold">
        {formatNumberOf(count, "move")} stayed here, and the trackers do not know {one ? "it" : "them"}.
      </p>
      <p>
        Send {one ? "it" : "them"}, and the issues move in their trackers as you moved them here. Or drop{" "}
        {one ? "it" : "them"}, and the board shows the trackers’ own states again.
      </p>
      <div>
        <button
          type="button"
          className="button"
          data-kind="primary"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the question is the answer to the switch just pressed
          autoFocus
          onClick={() => void settle(send)}
        >
          Send {one ? "it" : "them"} and switch off
        </button>
        <button type="button" className="button" onClick={() => void settle(drop)}>
          Drop {one ? "it" : "them"} and switch off
        </button>
        <button type="button" className="button" data-kind="quiet" onClick={onCancel}>
          Leave shadow mode on
        </button>
      </div>
    </fieldset>
  );
}
