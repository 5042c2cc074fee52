import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { RelationInput } from "../../../../src/server/contract/change.ts";
import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";
import { toApiError } from "../../api/client.ts";
import { api } from "../../api/endpoints.ts";
import { queryKeys } from "../../api/queries.ts";
import { useChanges, useNoticeStore } from "../../changes/changes-provider.tsx";
import { relationWords } from "./relation-words.ts";

type Relation = IssueDetailShape["relations"][number];

/** Adds and removes relations. `gone`: ids being removed, which are hidden. */
export function useRelations(issue: IssueDetailShape) {
  const client = useQueryClient();
  const { run: make } = useChanges();
  const notices = useNoticeStore();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const run = (what: string, send: (step: string) => Promise<unknown>, settled?: () => void) => {
    make(`${issue.ref}: ${what}`, issue.address, send)
      .then(
        async () => {
          await Promise.all(
            [queryKeys.issues, queryKeys.boards, queryKeys.outbox].map((queryKey) =>
              client.invalidateQueries({ queryKey }),
            ),
          );
        },
        (error: unknown) => notices.fail(`Not saved: ${issue.ref}, ${what}`, toApiError(error)),
      )
      .finally(settled);
  };
  return {
    gone,
    add: (relation: RelationInput) =>
      run(`${relationWords[relation.type].toLowerCase()} ${relation.ref}`, (step) =>
        api.addRelation(issue.address, relation, crypto.randomUUID(), step),
      ),
    remove: ({ id, type, ref }: Relation) => {
      setGone((before) => new Set([...before, id]));
      run(
        `no longer ${relationWords[type].toLowerCase()} ${ref ?? "another issue"}`,
        (step) => api.removeRelation(issue.address, id, step),
        () => setGone((before) => new Set([...before].filter((other) => other !== id))),
      );
    },
  };
}
