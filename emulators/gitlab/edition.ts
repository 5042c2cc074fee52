import type { Age } from "./graphql/schema.ts";

/** What differs from server to server. */
export type Edition = {
  /** The path it lies below. */
  readonly below: string;
  /** The main version: what GraphQL has goes by it, and from 16 on quick actions are looked for in a text's paragraphs, not in its lines. */
  readonly age: Age;
  /** Keyset paging of project issues came with 18.3. */
  readonly hasKeyset: boolean;
  /** The free software, without what belongs to the paid editions: iterations, weights, epics, blocking links, several assignees. */
  readonly isFree: boolean;
  /** Work items have statuses, where they are paid for. */
  readonly hasStatuses: boolean;
  /** gitlab.com tells the budget with every answer, other servers when they refuse. */
  readonly tellsBudget: boolean;
};
