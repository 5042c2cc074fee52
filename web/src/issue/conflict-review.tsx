import { useEffect, useId, useRef } from "react";
import type { OperationShape } from "../../../src/server/contract/change.ts";
import { useOperationActions } from "../changes/use-operation-actions.ts";
import { useDraft } from "../editor/drafts.ts";
import { fieldWords, valueWords } from "../outbox/operation-words.ts";
import { commandKey } from "../shell/shortcuts.ts";
import { Icon } from "../ui/icon.tsx";

type Side = "mine" | "theirs";

type ConflictReviewProps = { readonly operation: OperationShape; readonly label: string };

/** Resolves a conflict: shows both values of each field and lets the user choose. Nothing is sent before Apply. */
export function ConflictReview({ operation, label }: ConflictReviewProps) {
  const fields = operation.fields.filter(({ conflict }) => conflict === true);
  // The choice is stored as a draft.
  const [kept, keep] = useDraft(`choice ${operation.id}`);
  const { resolve, busy } = useOperationActions();
  const group = useId();
  const section = useRef<HTMLElement>(null);
  const theirs = new Set((kept ?? "").split("\n"));
  const sideOf = (name: string): Side => (theirs.has(name) ? "theirs" : "mine");
  const choose = (name: string, side: Side) =>
    keep(
      fields
        .map((field) => field.name)
        .filter((other) => (other === name ? side === "theirs" : theirs.has(other)))
        .join("\n") || null,
    );
  const apply = (side?: Side) =>
    resolve(operation.id, Object.fromEntries(fields.map(({ name }) => [name, side ?? sideOf(name)])), () => keep(null));
  const latest = useRef(apply);
  useEffect(() => {
    latest.current = apply;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || event.defaultPrevented) return;
      if (event.target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const taken = fields.filter(({ name }) => sideOf(name) === "theirs").length;
  return (
    <section ref={section} className="conflict" aria-label="Write conflict">
      <header>
        <Icon name="alert" className="text-warn" />
        <p>
          <b className="font-semibold">Changed in {label} while you edited.</b>{" "}
          {operation.reason !== null && `${operation.reason} `}
          The issue shows what {label} has. Yours is kept here, and nothing is written until you choose.
        </p>
      </header>
      <div className="conflict-fields">
        {fields.map((field) => (
          <fieldset key={field.name}>
            <legend className="sr-only">{fieldWords(field.name)}</legend>
            <span className="conflict-name" aria-hidden="true">
              {fieldWords(field.name)}
            </span>
            {(["mine", "theirs"] as const).map((side) => (
              <label key={side} htmlFor={`${group}-${field.name}-${side}`}>
                <input
                  id={`${group}-${field.name}-${side}`}
                  type="radio"
                  name={`${group} ${field.name}`}
                  checked={sideOf(field.name) === side}
                  onChange={() => choose(field.name, side)}
                />
                <small>{side === "mine" ? "Keep mine, not sent yet" : "Take theirs, shown now"}</small>
                <span className="conflict-value" dir="auto">
                  {valueWords(side === "mine" ? field.to : (field.theirs ?? null))}
                </span>
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      <footer>
        <span className="min-w-0 flex-1 text-ink-3">
          {fields.length - taken} {fields.length - taken === 1 ? "field" : "fields"} kept, {taken} taken
        </span>
        <button
          type="button"
          className="button"
          data-kind="quiet"
          data-size="small"
          disabled={busy}
          onClick={() => apply("theirs")}
        >
          Discard my edits
        </button>
        <button
          type="button"
          className="button"
          data-kind="primary"
          data-size="small"
          disabled={busy}
          onClick={() => apply()}
        >
          Apply to {label}
          <kbd aria-hidden="true">{commandKey("↵")}</kbd>
        </button>
      </footer>
    </section>
  );
}
