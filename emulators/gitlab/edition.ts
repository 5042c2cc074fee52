import type { Age } from "./graphql/schema.ts";

/** The differences between servers. */
export type Edition = {
  /** The path prefix of the server. */
  readonly below: string;
  /** The major version: it determines the GraphQL schema and, from 16 on, whether quick actions are found in paragraphs instead of lines. */
  readonly age: Age;
  /** Keyset pagination of project issues, available since 18.3. */
  readonly hasKeyset: boolean;
  /** The Community Edition, without iterations, weights, epics, blocking links and multiple assignees. */
  readonly isFree: boolean;
  /** Whether work items have statuses (paid plans only). */
  readonly hasStatuses: boolean;
  /** gitlab.com sends the budget with every response, other servers only with refusals. */
  readonly tellsBudget: boolean;
};
