import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import type { CreatedIssueShape } from "../../../src/server/contract/issue.ts";
import { type ApiError, toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { formQuery, projectsQuery, trackersQuery } from "../api/queries.ts";
import { useChanges } from "../changes/changes-provider.tsx";
import { useIssueChanges } from "../changes/use-issue-changes.ts";
import { readDraft, useDraft, writeDraft } from "../editor/drafts.ts";
import { currentSearch } from "../filter/canonical.ts";
import { createOnce } from "./create-once.ts";
import { discardDraft, discardedId, draftId, takeDiscardedSent } from "./discarded-draft.ts";
import {
  choosePlace,
  draftProblems,
  emptyValues,
  parseValues,
  shownPlace,
  toDraft,
  typeOf,
  type DraftValues,
} from "./draft-values.ts";
import { parseSent, sentId } from "./sent-draft.ts";

type NewIssueOptions = {
  /** Initial values that override the stored draft. */
  readonly begun: Partial<DraftValues>;
  /** Whether to start another issue after this one. */
  readonly more: boolean;
  /** Focuses the field with the problem. */
  readonly onProblem: (field: string) => void;
  readonly onCreated: () => void;
};

/** The draft of a new issue, kept until it is created, its source, and the outcome of creating it. */
export function useNewIssue({ begun, more, onProblem, onCreated }: NewIssueOptions) {
  const client = useQueryClient();
  const projects = useQuery(projectsQuery).data;
  const trackers = useQuery(trackersQuery).data?.trackers;
  const { created } = useChanges();
  const { change: changeIssue } = useIssueChanges();
  const [discarded, setDiscarded] = useDraft(discardedId);
  const [values, setValues] = useState<DraftValues>(() => ({
    ...emptyValues,
    ...parseValues(readDraft(draftId) ?? "{}"),
    ...begun,
  }));
  const [tried, setTried] = useState(false);
  const [sent] = useDraft(sentId);
  /** An issue that was created from what the draft said before. */
  const [former, setFormer] = useState<CreatedIssueShape | null>(null);
  /** What is typed while a call is under way counts, too. */
  const latest = useRef(values);
  useEffect(() => {
    latest.current = values;
  }, [values]);

  const [shown] = useState(() => shownPlace(currentSearch()));
  const { project, source } = choosePlace(projects, values, shown);
  const tracker = trackers?.find(({ connection }) => connection === source?.connection);
  const isNowhere = projects !== undefined && source === undefined;
  const form = useQuery({ ...formQuery(source?.id ?? ""), enabled: source !== undefined });
  const problems = draftProblems(values, form.data === undefined ? undefined : typeOf(form.data, values.type));
  const label = tracker?.label ?? "the tracker";
  const isReadOnly = form.data?.writable.allowed === false;

  /** Whether all required fields are filled and all values valid; if not, focuses the first field with a problem. */
  const isComplete = (typed: DraftValues, known: SourceFormShape) => {
    const [first] = draftProblems(typed, typeOf(known, typed.type)).keys();
    setTried(true);
    if (first !== undefined) requestAnimationFrame(() => onProblem(first));
    return first === undefined;
  };

  const create = useMutation({
    // Resolves to null if something is missing or invalid. The user may submit before the form has loaded; what is typed until then is included.
    mutationFn: async () => {
      const chosen = source ?? choosePlace(await client.ensureQueryData(projectsQuery), values, shown).source;
      if (chosen === undefined) return null;
      const known = form.data ?? (await client.ensureQueryData(formQuery(chosen.id)));
      const typed = latest.current;
      if (!isComplete(typed, known)) return null;
      return { ...(await createOnce(toDraft(typed, known), api.createIssue)), typed };
    },
    onSuccess: (creation) => {
      if (creation === null) return;
      const { issue, from, typed: before } = creation;
      created(from === "now" ? "created" : "had already been created", issue);
      if (from === "other") return setFormer(issue);
      const title = latest.current.title.trim();
      const { body } = latest.current;
      const since = {
        ...(title !== "" && title !== before.title.trim() && { title }),
        ...(body !== before.body && { body }),
      };
      if (Object.keys(since).length > 0) changeIssue([issue], since, since, "edited");
      writeDraft(draftId, null);
      setDiscarded(null);
      setTried(false);
      if (more) setValues((before) => ({ ...before, title: "", body: "", parent: null, fields: {} }));
      onCreated();
    },
    onError: (error) => {
      const { field } = toApiError(error);
      if (field !== undefined) requestAnimationFrame(() => onProblem(field));
    },
  });
  const refusal: ApiError | null = create.error === null ? null : toApiError(create.error);

  const change = (part: Partial<DraftValues>) => {
    // A rejection says nothing about another source or another text.
    const answered = ["project", "source", ...(refusal?.field === undefined ? [] : [refusal.field])];
    if (create.isError && answered.some((name) => name in part)) create.reset();
    setValues((before) => {
      const next = { ...before, ...part };
      const isTouched = next.title !== "" || next.body !== "" || readDraft(draftId) !== null;
      // The draft stays where it was begun, whatever the page shows when it is continued.
      const place = next.project === null && project !== undefined ? { project: project.id, source: source?.id } : {};
      if (isTouched) writeDraft(draftId, JSON.stringify({ ...next, ...place }));
      return next;
    });
  };

  return {
    values,
    change,
    projects,
    trackers,
    project,
    source,
    tracker,
    /** The tracker's display name. */
    label,
    form,
    isReadOnly,
    /** No mirrored source could take the issue. */
    isNowhere,
    isEmpty: values.title === "" && values.body === "",
    isCreating: create.isPending,
    /** Why the issue was not created. */
    refusal: create.isPending ? null : refusal,
    former,
    /** What was sent of the draft, perhaps by another page, and not answered. */
    unanswered: create.isPending ? null : parseSent(sent),
    submit() {
      if (create.isPending || isReadOnly || isNowhere) return;
      setFormer(null);
      if (form.data === undefined || isComplete(values, form.data)) create.mutate();
    },
    /** A field's validation message, by field name. */
    problemOf(field: string): string | undefined {
      if (refusal?.field === field) return `${label}: ${refusal.message}`;
      return tried ? problems.get(field) : undefined;
    },
    canRestore: discarded !== null,
    discard() {
      discardDraft(values);
    },
    /** Restores the discarded draft in this dialog. */
    restore() {
      if (discarded === null) return;
      change(parseValues(discarded));
      setDiscarded(null);
      takeDiscardedSent();
    },
  };
}

export type NewIssue = ReturnType<typeof useNewIssue>;
