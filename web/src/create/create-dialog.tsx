import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { Status } from "../../../src/domain/status.ts";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import { type ApiError, toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { formQuery, projectsQuery, trackersQuery } from "../api/queries.ts";
import { useChanges, useNoticeStore } from "../changes/changes-provider.tsx";
import { readDraft, useDraft, writeDraft } from "../editor/drafts.ts";
import { MarkdownEditor } from "../editor/markdown-editor.tsx";
import type { Completers } from "../editor/use-completion.ts";
import { useDialogs } from "../shell/dialog-control.ts";
import type { DialogProps } from "../shell/dialog-props.ts";
import { DialogFrame } from "../shell/dialog.tsx";
import { commandKey } from "../shell/shortcuts.ts";
import { Icon } from "../ui/icon.tsx";
import { PickerButton } from "../ui/picker-button.tsx";
import { Words } from "../ui/words.tsx";
import { CreateFields } from "./create-fields.tsx";
import {
  choosePlace,
  emptyValues,
  missingFields,
  parseValues,
  toDraft,
  typeOf,
  type DraftValues,
} from "./draft-values.ts";
import { NowhereNote } from "./nowhere-note.tsx";
import { sourceName, SourceRow } from "./source-row.tsx";
import { problemIdOf } from "../fields/spec-input.tsx";
import "../fields/fields.css";
import "./create.css";

/** Where the unfinished issue is kept, and the one that was discarded last, until another issue is created. */
const draftId = "new issue";
const discardedId = "discarded new issue";

export type CreateDialogProps = DialogProps & {
  readonly status?: Status | undefined;
  readonly project?: string | undefined;
};

/** A new issue: project, source, then the fields that the source has. What is typed is kept until it is created; also what was discarded can be brought back. */
export function CreateDialog({ status, project: wantedProject, onClose }: CreateDialogProps) {
  const client = useQueryClient();
  const projects = useQuery(projectsQuery).data;
  const trackers = useQuery(trackersQuery).data?.trackers;
  const { created } = useChanges();
  const notices = useNoticeStore();
  const { open } = useDialogs();
  const [discarded, setDiscarded] = useDraft(discardedId);
  const [values, setValues] = useState<DraftValues>(() => ({
    ...emptyValues,
    ...parseValues(readDraft(draftId) ?? "{}"),
    ...(status !== undefined && { status }),
    ...(wantedProject !== undefined && { project: wantedProject }),
  }));
  const titleId = useId();
  const bodyId = useId();
  const [more, setMore] = useState(false);
  const [tried, setTried] = useState(false);
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());
  const body = useRef<HTMLDivElement>(null);
  const title = useRef<HTMLTextAreaElement>(null);

  const { project, source } = choosePlace(projects, values);
  const tracker = trackers?.find(({ connection }) => connection === source?.connection);
  const isNowhere = projects !== undefined && source === undefined;
  const form = useQuery({ ...formQuery(source?.id ?? ""), enabled: source !== undefined, retry: false });
  const type = form.data === undefined ? undefined : typeOf(form.data, values.type);
  const missing = missingFields(values, type);
  const label = tracker?.label ?? "the tracker";
  const readOnly = form.data?.writable.allowed === false;

  const change = (part: Partial<DraftValues>) => {
    // What one tracker refused is not what another one says, nor about another text.
    const answered = ["project", "source", ...(refusal?.field === undefined ? [] : [refusal.field])];
    if (create.isError && answered.some((name) => name in part)) create.reset();
    setValues((before) => {
      const next = { ...before, ...part };
      const isTouched = next.title !== "" || next.body !== "" || readDraft(draftId) !== null;
      if (isTouched) writeDraft(draftId, JSON.stringify(next));
      return next;
    });
  };

  const goTo = (field: string | undefined) => {
    if (field === undefined) return;
    const at = body.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
    at?.focus();
    at?.scrollIntoView({ block: "nearest" });
  };

  /** Whether all that is needed is there; where it is not, the first of it gets the focus. */
  const isComplete = (known: SourceFormShape) => {
    const [first] = missingFields(values, typeOf(known, values.type));
    setTried(true);
    if (first !== undefined) requestAnimationFrame(() => goTo(first));
    return first === undefined;
  };

  const create = useMutation({
    // Null: something is missing. It may be sent before the form has arrived.
    mutationFn: async () => {
      const chosen = source ?? choosePlace(await client.ensureQueryData(projectsQuery), values).source;
      if (chosen === undefined) return null;
      const known = form.data ?? (await client.ensureQueryData({ ...formQuery(chosen.id), retry: false }));
      return isComplete(known) ? api.createIssue(toDraft(values, known), attempt) : null;
    },
    onSuccess: (issue) => {
      if (issue === null) return;
      created(`${issue.ref} created`, issue);
      writeDraft(draftId, null);
      setDiscarded(null);
      setTried(false);
      setAttempt(crypto.randomUUID());
      if (!more) {
        onClose();
        return;
      }
      setValues((before) => ({ ...before, title: "", body: "", parent: null, fields: {} }));
      title.current?.focus();
    },
    onError: (error) => {
      const known = toApiError(error);
      // After an answer, the next attempt is another one; without an answer it may have been taken.
      if (known.code !== "server_unreachable") setAttempt(crypto.randomUUID());
      requestAnimationFrame(() => goTo(known.field));
    },
  });
  const refusal: ApiError | null = create.error === null ? null : toApiError(create.error);

  const isEmpty = values.title === "" && values.body === "";

  const discard = (close: () => void) => {
    setDiscarded(JSON.stringify(values));
    writeDraft(draftId, null);
    close();
    notices.say("Draft discarded", () => {
      writeDraft(draftId, readDraft(discardedId));
      setDiscarded(null);
      open({ kind: "create" });
    });
  };
  const bringBack = () => {
    if (discarded === null) return;
    change({ ...parseValues(discarded) });
    setDiscarded(null);
    title.current?.focus();
  };

  useEffect(() => {
    // Here it is brought back otherwise; what is typed meanwhile is not to be overwritten.
    if (notices.get().note?.undo !== undefined) notices.set(() => ({ note: null }));
  }, [notices]);

  const submit = () => {
    if (create.isPending || readOnly || isNowhere) return;
    if (form.data === undefined || isComplete(form.data)) create.mutate();
  };

  useEffect(() => {
    const element = title.current;
    if (element === null) return;
    element.style.height = "0";
    element.style.height = `${element.scrollHeight}px`;
  }, [values.title]);

  const completers = useMemo<Completers>(
    () => ({ members: form.data?.members ?? [], mention: ({ login }) => `@${login}` }),
    [form.data],
  );
  const problemOf = (field: string): string | undefined => {
    if (refusal?.field === field) return `${label}: ${refusal.message}`;
    return tried && missing.includes(field) ? "Required" : undefined;
  };

  return (
    <DialogFrame label="New issue" className="create-dialog" onClose={onClose} initialFocus={title}>
      {(close) => (
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- ⌘↵ creates from any field
        <div
          ref={body}
          className="create"
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || event.defaultPrevented) return;
            event.preventDefault();
            submit();
          }}
        >
          <header className="create-head">
            <h2>New issue</h2>
            {project !== undefined && (
              <PickerButton
                label="Project"
                placeholder="Project"
                value={
                  <>
                    <Icon name="folder" size={14} className="text-ink-3" />
                    <span className="truncate">{project.name}</span>
                  </>
                }
                list={{
                  placeholder: "Project",
                  entries: (projects ?? [])
                    .filter(({ sources }) => sources.length > 0)
                    .map(({ id, name }) => ({ id, label: name, checked: id === project.id })),
                  onChoose: (id) => change({ project: id, source: null }),
                }}
              />
            )}
            {project !== undefined && source !== undefined && (
              <SourceRow
                sources={project.sources}
                chosen={source.id}
                trackers={trackers ?? []}
                onChoose={(id) => change({ project: project.id, source: id })}
              />
            )}
            <button
              type="button"
              className="icon-button ml-auto"
              aria-label="Close"
              title="Close (Esc)"
              onClick={close}
            >
              <Icon name="x" />
            </button>
          </header>
          <div className="create-body">
            <div className="create-text">
              <textarea
                ref={title}
                className="create-title"
                aria-label="Title"
                aria-invalid={problemOf("title") !== undefined || undefined}
                aria-describedby={problemIdOf(titleId, problemOf("title"))}
                data-field="title"
                dir="auto"
                rows={1}
                placeholder="Title"
                value={values.title}
                onChange={({ target }) => change({ title: target.value.replaceAll("\n", " ") })}
                onKeyDown={(event) => {
                  if (event.nativeEvent.isComposing || event.metaKey || event.ctrlKey) return;
                  if (event.key !== "Enter" && (event.key !== "Tab" || event.shiftKey)) return;
                  // A title is followed by its text; the editor's tools stand between them, and are a step back from there.
                  const text = body.current?.querySelector<HTMLElement>("textarea[data-field=body]");
                  if (text != null) text.focus();
                  if (text != null || event.key === "Enter") event.preventDefault();
                }}
              />
              {problemOf("title") !== undefined && (
                <p id={problemIdOf(titleId, problemOf("title"))} className="mb-2 text-12 text-bad">
                  {problemOf("title")}
                </p>
              )}
              <MarkdownEditor
                label="Description"
                placeholder="Description, markdown supported"
                value={values.body}
                onChange={(text) => change({ body: text })}
                onSubmit={submit}
                base={location.href}
                connection={tracker?.connection}
                completers={completers}
                minRows={10}
                problemId={problemIdOf(bodyId, problemOf("body"))}
                footer={isNowhere ? undefined : `Markdown is sent to ${label} as its own format.`}
              />
              {problemOf("body") !== undefined && (
                <p id={problemIdOf(bodyId, problemOf("body"))} className="mt-1 text-12 text-bad">
                  {problemOf("body")}
                </p>
              )}
            </div>
            {isNowhere ? (
              <NowhereNote project={project?.name} trackers={trackers ?? []} onLeave={close} />
            ) : (
              <CreateFields
                values={values}
                form={form.data}
                error={form.error}
                loading={form.isPending}
                tracker={tracker}
                sourceName={source === undefined ? "" : sourceName(source, tracker)}
                onRetry={() => void form.refetch()}
                onChange={change}
                problemOf={problemOf}
              />
            )}
          </div>
          {refusal !== null && !create.isPending && (
            <div className="create-refusal" role="alert">
              <Icon name="alert" className="text-bad" />
              <span className="min-w-0 wrap-anywhere">
                <b className="font-semibold">Couldn’t create the issue. Your draft is kept.</b>{" "}
                <Words text={refusal.message} /> {refusal.hint !== undefined && <Words text={refusal.hint} />}
              </span>
              {refusal.field !== undefined && (
                <button type="button" className="button" data-size="small" onClick={() => goTo(refusal.field)}>
                  Go to field
                </button>
              )}
            </div>
          )}
          <footer className="create-foot">
            <label className="create-more" htmlFor="create-more">
              <input
                id="create-more"
                type="checkbox"
                className="check-input"
                checked={more}
                onChange={({ target }) => setMore(target.checked)}
              />
              Create more
            </label>
            <span className="min-w-0 flex-1 truncate text-right text-ink-3 not-phone">
              {readOnly
                ? `${label} is read-only here`
                : isNowhere
                  ? "Your draft is kept"
                  : `Appears on the board right away. ${label} assigns the ref.`}
            </span>
            {!isEmpty && (
              <button type="button" className="button" data-kind="quiet" onClick={() => discard(close)}>
                Discard
              </button>
            )}
            {isEmpty && discarded !== null && (
              <button type="button" className="button" data-kind="quiet" onClick={bringBack}>
                Restore draft
              </button>
            )}
            <button type="button" className="button" data-kind="quiet" onClick={close}>
              {isEmpty ? "Cancel" : "Save draft"}
              <kbd aria-hidden="true" className="not-phone">
                Esc
              </kbd>
            </button>
            <button
              type="button"
              className="button"
              data-kind="primary"
              disabled={isNowhere || readOnly || create.isPending}
              onClick={submit}
            >
              {create.isPending ? "Creating…" : isNowhere ? "Create" : `Create in ${label}`}
              <kbd aria-hidden="true" className="not-phone">
                {commandKey("↵")}
              </kbd>
            </button>
          </footer>
        </div>
      )}
    </DialogFrame>
  );
}
