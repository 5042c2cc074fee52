import type { IssuePatch, RelationInput } from "../../../src/server/contract/change.ts";

/** A call that changes an issue, as data: it can be stored, and made by another page. */
export type ChangeCall = {
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** The idempotency key of a POST, the same for every attempt. */
  readonly key?: string;
};

export function ofIssue(address: string): string {
  return `/api/issues/${encodeURIComponent(address)}`;
}

function ofComment(address: string, id: string): string {
  return `${ofIssue(address)}/comments/${encodeURIComponent(id)}`;
}

/** The calls that may have to wait for the server. */
export const changeCalls = {
  edit: (address: string, patch: IssuePatch): ChangeCall => ({ method: "PATCH", path: ofIssue(address), body: patch }),

  addComment: (
    address: string,
    { body, replyTo }: { readonly body: string; readonly replyTo: string | null },
    key: string,
  ): ChangeCall => ({
    method: "POST",
    path: `${ofIssue(address)}/comments`,
    body: { body, ...(replyTo !== null && { replyTo }) },
    key,
  }),

  editComment: (address: string, id: string, body: string): ChangeCall => ({
    method: "PATCH",
    path: ofComment(address, id),
    body: { body },
  }),

  removeComment: (address: string, id: string): ChangeCall => ({ method: "DELETE", path: ofComment(address, id) }),

  addRelation: (address: string, relation: RelationInput, key: string): ChangeCall => ({
    method: "POST",
    path: `${ofIssue(address)}/relations`,
    body: relation,
    key,
  }),

  removeRelation: (address: string, id: string): ChangeCall => ({
    method: "DELETE",
    path: `${ofIssue(address)}/relations/${encodeURIComponent(id)}`,
  }),

  /** Undoes exactly this step. */
  undo: (step: string, key: string): ChangeCall => ({ method: "POST", path: "/api/undo", body: { change: step }, key }),
};
