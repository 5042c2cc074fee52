import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import { type ApiError, toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { formQuery, projectsQuery, trackersQuery } from "../api/queries.ts";
import { useChanges } from "../changes/changes-provider.tsx";
import { readDraft, useDraft, writeDraft } from "../editor/drafts.ts";
import {
  choosePlace,
  emptyValues,
  missingFields,
  parseValues,
  toDraft,
  typeOf,
  type DraftValues,
} from "./draft-values.ts";

/** Where the unfinished issue is kept, and the one that was discarded last, until another issue is created. */
const draftId = "new issue";
const discardedId = "discarded new issue";

type NewIssueOptions = {
  /** What the new issue begins with besides what was kept. */
  readonly begun: Partial<DraftValues>;
  /** Whether another one is written after this one. */
  readonly more: boolean;
  /** Leads to the field that something is wrong with. */
  readonly onProblem: (field: string) => void;
  readonly onCreated: () => void;
};

/** What is typed for a new issue, kept until it is created, where it goes, and how that went. */
export function useNewIssue({ begun, more, onProblem, onCreated }: NewIssueOptions) {
  const client = useQueryClient();
  const projects = useQuery(projectsQuery).data;
  const trackers = useQuery(trackersQuery).data?.trackers;
  const { created } = useChanges();
  const [discarded, setDiscarded] = useDraft(discardedId);
  const [values, setValues] = useState<DraftValues>(() => ({
    ...emptyValues,
    ...parseValues(readDraft(draftId) ?? "{}"),
    ...begun,
  }));
  const [tried, setTried] = useState(false);
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());

  const { project, source } = choosePlace(projects, values);
  const tracker = trackers?.find(({ connection }) => connection === source?.connection);
  const isNowhere = projects !== undefined && source === undefined;
  const form = useQuery({ ...formQuery(source?.id ?? ""), enabled: source !== undefined, retry: false });
  const missing = missingFields(values, form.data === undefined ? undefined : typeOf(form.data, values.type));
  const label = tracker?.label ?? "the tracker";
  const isReadOnly = form.data?.writable.allowed === false;

  /** Whether all that is needed is there; where it is not, the first of it is led to. */
  const isComplete = (typed: DraftValues, known: SourceFormShape) => {
    const [first] = missingFields(typed, typeOf(known, typed.type));
    setTried(true);
    if (first !== undefined) requestAnimationFrame(() => onProblem(first));
    return first === undefined;
  };

  const create = useMutation({
    // Null: something is missing. It may be sent before the form has arrived, and what is typed until then belongs to it.
    mutationFn: async () => {
      const kept = readDraft(draftId);
      const chosen = source ?? choosePlace(await client.ensureQueryData(projectsQuery), values).source;
      if (chosen === undefined) return null;
      const known = form.data ?? (await client.ensureQueryData({ ...formQuery(chosen.id), retry: false }));
      const since = readDraft(draftId);
      const typed = since === null || since === kept ? values : { ...values, ...parseValues(since) };
      return isComplete(typed, known) ? api.createIssue(toDraft(typed, known), attempt) : null;
    },
    onSuccess: (issue) => {
      if (issue === null) return;
      created(`${issue.ref} created`, issue);
      writeDraft(draftId, null);
      setDiscarded(null);
      setTried(false);
      setAttempt(crypto.randomUUID());
      if (more) setValues((before) => ({ ...before, title: "", body: "", parent: null, fields: {} }));
      onCreated();
    },
    onError: (error) => {
      const { code, field } = toApiError(error);
      // After an answer, the next attempt is another one; without an answer it may have been taken.
      if (code !== "server_unreachable") setAttempt(crypto.randomUUID());
      if (field !== undefined) requestAnimationFrame(() => onProblem(field));
    },
  });
  const refusal: ApiError | null = create.error === null ? null : toApiError(create.error);

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

  return {
    values,
    change,
    projects,
    trackers,
    project,
    source,
    tracker,
    /** How the tracker is called. */
    label,
    form,
    isReadOnly,
    /** Nothing is mirrored that it could be made in. */
    isNowhere,
    isEmpty: values.title === "" && values.body === "",
    isCreating: create.isPending,
    /** Why it was not created. */
    refusal: create.isPending ? null : refusal,
    submit() {
      if (create.isPending || isReadOnly || isNowhere) return;
      if (form.data === undefined || isComplete(values, form.data)) create.mutate();
    },
    /** What is wrong with a field, by its name. */
    problemOf(field: string): string | undefined {
      if (refusal?.field === field) return `${label}: ${refusal.message}`;
      return tried && missing.includes(field) ? "Required" : undefined;
    },
    canRestore: discarded !== null,
    discard() {
      setDiscarded(JSON.stringify(values));
      writeDraft(draftId, null);
    },
    /** What was discarded is in the dialog again. */
    restore() {
      if (discarded === null) return;
      change(parseValues(discarded));
      setDiscarded(null);
    },
    /** What was discarded is what the next dialog begins with. */
    keepDiscarded() {
      writeDraft(draftId, readDraft(discardedId));
      setDiscarded(null);
    },
  };
}

export type NewIssue = ReturnType<typeof useNewIssue>;
