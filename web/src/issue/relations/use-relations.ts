import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { RelationInput } from "../../../../src/server/contract/change.ts";
import type { IssueDetailShape, IssueShape } from "../../../../src/server/contract/issue.ts";
import { type ChangeCall, changeCalls } from "../../api/change-calls.ts";
import { type ApiError, toApiError } from "../../api/client.ts";
import { api } from "../../api/endpoints.ts";
import { issueQuery, queryKeys } from "../../api/queries.ts";
import { readTime } from "../../api/read-times.ts";
import { cardKey } from "../../board/data/board-data.ts";
import { useChanges, useNoticeStore } from "../../changes/changes-provider.tsx";
import { isNothingLeft, sendAgain, wasInterrupted } from "../../changes/send-again.ts";
import { createLocalList, useLocalList } from "../../changes/local-list.ts";
import { layOverRelations, type LocalRelation, type Relation } from "./lay-over-relations.ts";
import { relationWords } from "./relation-words.ts";

const localRelations = createLocalList<LocalRelation>();

/** An issue's relations with optimistic changes, which are reverted if they fail, and functions that add and remove them. */
export function useRelations(issue: IssueDetailShape) {
  const client = useQueryClient();
  const { run: make } = useChanges();
  const notices = useNoticeStore();
  const local = useLocalList(localRelations, cardKey(issue), readTime(issue));
  const relations = useMemo(() => layOverRelations(issue.relations, local), [issue.relations, local]);
  const run = (
    change: LocalRelation,
    back: LocalRelation,
    what: string,
    call: ChangeCall,
    /** Whether a refusal of a repeated call means that the first one had arrived. */
    isDone: (refusal: ApiError) => boolean | Promise<boolean>,
  ) => {
    const shown = localRelations.add(cardKey(issue), change);
    const send = (step: string, isRepeated: boolean) => sendAgain(() => api.change(call, step), isRepeated, isDone);
    const showUndone = () => localRelations.add(cardKey(issue), back);
    make(`${issue.ref}: ${what}`, issue, send, { showUndone, unsent: call }).then(
      async (isMade) => {
        if (!isMade) return shown.remove();
        shown.answered();
        await Promise.all(
          [queryKeys.issues, queryKeys.boards, queryKeys.outbox].map((queryKey) =>
            client.invalidateQueries({ queryKey }),
          ),
        );
        localRelations.reread();
      },
      (error: unknown) => {
        shown.remove();
        notices.fail(`Not saved: ${issue.ref}, ${what}`, toApiError(error));
      },
    );
  };
  const isTaken = async (type: RelationInput["type"], address: string) => {
    const now = await client.fetchQuery({ ...issueQuery(issue.address), staleTime: 0 });
    return now.relations.some((one) => one.type === type && one.address === address);
  };
  return {
    relations,
    add: (type: RelationInput["type"], other: IssueShape) => {
      const { ref, address, url, tracker, title, status } = other;
      const key = crypto.randomUUID();
      const relation: Relation = {
        id: `${type} ${address}`,
        type,
        ref,
        address,
        key: ref,
        url,
        tracker,
        title,
        status,
        // Its origin is not known before the response; one found in a text cannot be removed, nor can one that is not written yet.
        origin: "text",
      };
      run(
        { kind: "added", relation },
        { kind: "removed", relation },
        `${relationWords[type].toLowerCase()} ${address}`,
        changeCalls.addRelation(issue.address, { type, ref: address }, key),
        async (refusal) => wasInterrupted(refusal) && (await isTaken(type, address)),
      );
    },
    remove: (relation: Relation) =>
      run(
        { kind: "removed", relation },
        { kind: "added", relation },
        `no longer ${relationWords[relation.type].toLowerCase()} ${relation.ref ?? "another issue"}`,
        changeCalls.removeRelation(issue.address, relation.id),
        isNothingLeft,
      ),
  };
}
