import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import { inSentence } from "../../../src/domain/credentials.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError, type ApiError } from "../api/client.ts";
import { api, type CredentialChanges } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";
import { connectionLabel } from "../shell/tracker-sentence.ts";
import { Icon } from "../ui/icon.tsx";
import { Words } from "../ui/words.tsx";
import { changesOf, initialDrafts, missingFields, type Credential } from "./credential-values.ts";
import { CallFailure, TestFailure, TestOutcome } from "./test-outcome.tsx";
import { useConnectionTest } from "./use-connection-test.ts";
import "./settings.css";
import "../ui/field.css";

type CredentialFormProps = {
  readonly tracker: TrackerShape;
  /** The form was saved, with the connection as it is now, or canceled. */
  readonly onDone: (saved: TrackerShape | null) => void;
};

/** Enters, replaces, tests and removes a connection's credentials. Stored secrets are never shown; leaving their field empty keeps them. */
export function CredentialForm({ tracker, onDone }: CredentialFormProps) {
  const client = useQueryClient();
  const { credentials } = tracker;
  const [drafts, setDrafts] = useState(() => initialDrafts(credentials));
  const form = useRef<HTMLFormElement>(null);
  const test = useConnectionTest(tracker);
  const save = useMutation({
    mutationFn: (changes: CredentialChanges) => api.setCredentials(tracker.connection, changes),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: queryKeys.trackers });
      onDone(saved);
      await Promise.all(
        [queryKeys.sources, queryKeys.projects, queryKeys.boards].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
    },
    onError: (error) => focusField(toApiError(error).field),
  });
  const changes = changesOf(credentials, drafts);
  const changed = Object.keys(changes).length > 0;
  const missing = missingFields(credentials, drafts);
  const refused = save.error === null ? (test.error === null ? null : toApiError(test.error)) : toApiError(save.error);

  function focusField(name: string | undefined): void {
    if (name === undefined) return;
    form.current?.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)?.focus();
  }

  /** Whether all required fields are filled; if not, focuses the first empty one. */
  function isComplete(): boolean {
    focusField(missing[0]?.name);
    return missing.length === 0;
  }

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed && isComplete()) save.mutate(changes);
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it from any field
    <form
      ref={form}
      className="credential-form"
      aria-label={`${connectionLabel(tracker)} credentials`}
      autoComplete="off"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone(null);
      }}
    >
      <div className="credential-fields">
        {credentials.map((field, index) => (
          <CredentialInput
            key={field.name}
            field={field}
            draft={drafts[field.name] ?? ""}
            focused={index === 0}
            problem={refused?.field === field.name ? refused : null}
            onChange={(draft) => {
              setDrafts((before) => ({ ...before, [field.name]: draft }));
              save.reset();
              test.reset();
            }}
          />
        ))}
      </div>
      <div className="credential-actions">
        <button
          type="submit"
          className="button"
          data-kind="primary"
          disabled={!changed || save.isPending}
          title={changed ? undefined : "No changes yet"}
        >
          {save.isPending ? "Saving…" : "Save"}
        </button>
        <button
          type="button"
          className="button"
          disabled={test.isPending}
          onClick={() => {
            if (isComplete()) test.mutate(changes, { onError: (error) => focusField(toApiError(error).field) });
          }}
        >
          Test connection
        </button>
        <TestOutcome tracker={tracker} test={test} />
        <span className="flex-1" />
        <RemoveStored tracker={tracker} pending={save.isPending} onRemove={(taken) => save.mutate(taken)} />
        <button type="button" className="button" data-kind="quiet" onClick={() => onDone(null)}>
          Cancel
        </button>
      </div>
      {test.error !== null && toApiError(test.error).field === undefined && <TestFailure error={test.error} />}
      {save.error !== null && toApiError(save.error).field === undefined && <CallFailure error={save.error} />}
    </form>
  );
}

type CredentialInputProps = {
  readonly field: Credential;
  readonly draft: string;
  readonly focused: boolean;
  readonly problem: ApiError | null;
  readonly onChange: (draft: string) => void;
};

function CredentialInput({ field, draft, focused, problem, onChange }: CredentialInputProps) {
  const id = useId();
  const { name, label, secret, required, present, locked, key } = field;
  const placeholder =
    secret && present
      ? locked === null
        ? "unchanged"
        : "set elsewhere"
      : (field.placeholder ?? (required ? "" : "optional"));
  return (
    <div className="credential-field">
      <label htmlFor={id}>
        {secret && present && locked === null ? `New ${inSentence(label)}` : label}
        {!required && <span className="text-ink-3">optional</span>}
      </label>
      <div className="min-w-0">
        <input
          id={id}
          className="field font-mono"
          name={name}
          type={secret ? "password" : "text"}
          value={draft}
          placeholder={placeholder}
          disabled={locked !== null}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          autoComplete={secret ? "new-password" : "off"}
          data-1p-ignore
          aria-invalid={problem !== null || undefined}
          aria-describedby={`${id}-note`}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the user just opened the form
          autoFocus={focused && locked === null}
          onChange={(event) => onChange(event.target.value)}
        />
        <div id={`${id}-note`} className="credential-note">
          {problem !== null && (
            <p className="text-bad" role="alert">
              <Words text={[problem.message, problem.hint].filter(Boolean).join(" ")} />
            </p>
          )}
          {locked === null ? (
            <FieldNote>
              <Words text={field.help} />
              {key !== null && (
                <>
                  {" "}
                  Saved as <code>{key}</code>.
                </>
              )}
            </FieldNote>
          ) : (
            <FieldNote locked>
              {locked.reason} {locked.hint}
            </FieldNote>
          )}
        </div>
      </div>
    </div>
  );
}

function FieldNote({ locked = false, children }: { readonly locked?: boolean; readonly children: ReactNode }) {
  return (
    <p className={locked ? "flex gap-1.5" : undefined}>
      {locked && <Icon name="lock" size={12} className="mt-0.5" />}
      <span>{children}</span>
    </p>
  );
}

type RemoveStoredProps = {
  readonly tracker: TrackerShape;
  readonly pending: boolean;
  readonly onRemove: (changes: CredentialChanges) => void;
};

/** Removes a connection's stored credentials from the file, after confirmation. */
function RemoveStored({ tracker, pending, onRemove }: RemoveStoredProps) {
  const [asked, setAsked] = useState(false);
  const stored = tracker.credentials.filter((field) => field.stored);
  if (stored.length === 0) return null;
  const keys = stored.map(({ key, name }) => key ?? name).join(", ");
  return asked ? (
    <button
      type="button"
      className="button"
      data-kind="danger"
      disabled={pending}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- it replaces the focused button
      autoFocus
      onBlur={() => setAsked(false)}
      onClick={() => onRemove(Object.fromEntries(stored.map(({ name }) => [name, null])))}
    >
      Remove {keys} from the file
    </button>
  ) : (
    <button type="button" className="button" data-kind="quiet" onClick={() => setAsked(true)}>
      <Icon name="trash" />
      Remove
    </button>
  );
}
