import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { Status } from "../../../src/domain/status.ts";
import { useNoticeStore } from "../changes/changes-provider.tsx";
import { MarkdownEditor } from "../editor/markdown-editor.tsx";
import type { Completers } from "../editor/use-completion.ts";
import { problemIdOf } from "../fields/spec-input.tsx";
import { useDialogs } from "../shell/dialog-control.ts";
import type { DialogProps } from "../shell/dialog-props.ts";
import { DialogFrame } from "../shell/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Words } from "../ui/words.tsx";
import { CreateFields } from "./create-fields.tsx";
import { CreateFoot } from "./create-foot.tsx";
import { CreateHead } from "./create-head.tsx";
import { takeDiscarded } from "./discarded-draft.ts";
import { NowhereNote } from "./nowhere-note.tsx";
import { SentNote } from "./sent-note.tsx";
import { sourceName } from "./source-row.tsx";
import { useNewIssue } from "./use-new-issue.ts";
import "../fields/fields.css";
import "./create.css";

export type CreateDialogProps = DialogProps & {
  readonly status?: Status | undefined;
  readonly project?: string | undefined;
};

/** The dialog for a new issue: project, source, then the source's fields. The draft is kept until the issue is created, and a discarded draft can be restored. */
export function CreateDialog({ status, project: wantedProject, onClose }: CreateDialogProps) {
  const notices = useNoticeStore();
  const { open } = useDialogs();
  const titleId = useId();
  const bodyId = useId();
  const [more, setMore] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const title = useRef<HTMLTextAreaElement>(null);

  const goTo = (field: string) => {
    const at = body.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
    at?.focus();
    at?.scrollIntoView({ block: "nearest" });
  };
  const issue = useNewIssue({
    begun: { ...(status !== undefined && { status }), ...(wantedProject !== undefined && { project: wantedProject }) },
    more,
    onProblem: goTo,
    onCreated: () => (more ? title.current?.focus() : onClose()),
  });
  const {
    values,
    change,
    trackers,
    project,
    source,
    tracker,
    label,
    form,
    isNowhere,
    refusal,
    former,
    unanswered,
    submit,
    problemOf,
  } = issue;

  const discard = (close: () => void) => {
    issue.discard();
    close();
    notices.say("Draft discarded", () => {
      takeDiscarded();
      open({ kind: "create" });
    });
  };

  useEffect(() => {
    // This dialog offers the restore itself; restoring from the notice would overwrite the new draft.
    if (notices.get().note?.undo !== undefined) notices.set(() => ({ note: null }));
  }, [notices]);

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
          <CreateHead issue={issue} onClose={close} />
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
                  // Tab goes from the title straight to the text; the toolbar between them is reached with Shift+Tab.
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
          {refusal !== null && (
            <div className="create-refusal" role="alert">
              <Icon name="alert" className="text-bad" />
              <span className="min-w-0 wrap-anywhere">
                <b className="font-semibold">Couldn’t create the issue. Your draft is kept.</b>{" "}
                <Words text={refusal.message} /> {refusal.hint !== undefined && <Words text={refusal.hint} />}
              </span>
              {refusal.field !== undefined && (
                <button
                  type="button"
                  className="button"
                  data-size="small"
                  onClick={() => refusal.field !== undefined && goTo(refusal.field)}
                >
                  Go to field
                </button>
              )}
            </div>
          )}
          {refusal === null && (former ?? unanswered) !== null && <SentNote former={former} unanswered={unanswered} />}
          <CreateFoot
            issue={issue}
            more={more}
            onMore={setMore}
            onDiscard={() => discard(close)}
            onRestore={() => {
              issue.restore();
              title.current?.focus();
            }}
            onClose={close}
          />
        </div>
      )}
    </DialogFrame>
  );
}
