import type { z } from "zod";
import { PanopticonError } from "../../../domain/error.ts";
import type { HttpClient } from "../../http/http-client.ts";
import { parseBody } from "../../http/parse-body.ts";
import type { Issue } from "../schema.ts";
import { toFacts, type WorkItemFacts } from "./facts.ts";
import { factsQuery, least, levels, typesLevels, typesQuery, updateMutation } from "./queries.ts";
import { codeOf, toError } from "./refusals.ts";
import { Answer, TypePage, Update, type WorkItem, WorkItemPage, type WorkItemType } from "./schema.ts";

export type WorkItems = ReturnType<typeof createWorkItems>;

/** The version of an issue that facts belong to: GitLab's update time, and whether it was open, to distinguish changes within one millisecond. */
type Moment = { readonly updatedAt: number; readonly isClosed: boolean };

export function momentOf(issue: Pick<Issue, "updated_at" | "state">): Moment {
  return { updatedAt: issue.updated_at, isClosed: issue.state === "closed" };
}

export function momentOfItem(item: Pick<WorkItem, "updatedAt" | "state">): Moment {
  return { updatedAt: Date.parse(item.updatedAt), isClosed: item.state.toLowerCase() === "closed" };
}

function isSame(one: Moment, other: Moment): boolean {
  return one.updatedAt === other.updatedAt && one.isClosed === other.isClosed;
}

/** The variants of a query, from the most complete down; every refusal steps down, after the last the query is not used at all. */
type Ladder<Level> = { readonly levels: readonly Level[]; at: number };

/** The number of issues whose facts are remembered: those of the last minutes, which every poll reads again. */
const maxRemembered = 2000;

const unknownHere: readonly (string | null | undefined)[] = [
  "undefinedField",
  "undefinedType",
  "argumentNotAccepted",
  "argumentLiteralsIncompatible",
];

/** Reads what only GraphQL tells: parents, statuses, and the links of many issues at once. */
export function createWorkItems(http: HttpClient, web: string) {
  /** Two ladders, because what a server supports for issues does not tell what it supports for their types. */
  const facts: Ladder<(typeof levels)[number]> = { levels, at: 0 };
  const types: Ladder<(typeof typesLevels)[number]> = { levels: typesLevels, at: 0 };
  const remembered = new Map<number, { readonly when: Moment; readonly facts: WorkItemFacts }>();
  const withStatuses = new Set<string>();

  async function send<T>(
    query: string,
    request: { readonly variables: object; readonly idempotent: boolean; readonly signal: AbortSignal | undefined },
    shape: z.ZodType<T>,
    what: string,
  ): Promise<{
    readonly data: T | null;
    readonly problems: readonly { message: string; isUnknown: boolean }[];
    readonly requestedAt: number;
  }> {
    const { variables, idempotent, signal } = request;
    const body = { query, variables };
    const response = await http.request({ method: "POST", url: `${web}/api/graphql`, body, idempotent, signal });
    const answer = parseBody(Answer, response.body, { tracker: "gitlab", what });
    const problems = (answer.errors ?? []).map(({ message, extensions }) => ({
      message,
      isUnknown: unknownHere.includes(extensions?.code),
    }));
    const data = answer.data == null ? null : parseBody(shape, answer.data, { tracker: "gitlab", what });
    return { data, problems, requestedAt: response.requestedAt };
  }

  /**
   * Requests as much as the server supports. No data if it supports none of it, or if these credentials may not use GraphQL, or with GitLab's refusal of the
   * query.
   */
  async function ask<T, Level>(
    ladder: Ladder<Level>,
    toQuery: (level: Level) => string,
    variables: object,
    shape: z.ZodType<T>,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly data: T | null; readonly refusal: PanopticonError | null }> {
    for (let has = ladder.levels[ladder.at]; has !== undefined; has = ladder.levels[ladder.at]) {
      const query = toQuery(has);
      const answer = await send(query, { variables, idempotent: true, signal }, shape, "work items").catch(isWithheld);
      if (answer === null) {
        ladder.at = ladder.levels.length;
        break;
      }
      const { data, problems } = answer;
      if (problems.some(({ isUnknown }) => isUnknown)) {
        if (ladder.levels[ladder.at] === has) ladder.at += 1;
        continue;
      }
      const [problem] = problems;
      return { data, refusal: data === null && problem ? toError(problem.message, "invalid_response") : null };
    }
    return { data: null, refusal: null };
  }

  function remember(issueId: number, when: Moment, own: WorkItemFacts): void {
    remembered.delete(issueId);
    remembered.set(issueId, { when, facts: own });
    const [oldest] = remembered.keys();
    if (remembered.size > maxRemembered && oldest !== undefined) remembered.delete(oldest);
  }

  return {
    /**
     * The facts of a page's issues, in one request for those that changed since they were last requested; for all of them if `fresh`. Empty if GitLab does not
     * tell. Throws if the issues would be misread without them: in a project with statuses.
     */
    async factsOf(
      issues: readonly Issue[],
      options: { readonly fresh: boolean; readonly signal: AbortSignal | undefined },
    ): Promise<ReadonlyMap<number, WorkItemFacts>> {
      const found = new Map<number, WorkItemFacts>();
      const wanted = new Map<string, Issue>();
      for (const issue of issues) {
        const known = options.fresh ? undefined : remembered.get(issue.id);
        if (known !== undefined && isSame(known.when, momentOf(issue))) found.set(issue.id, known.facts);
        else wanted.set(`gid://gitlab/WorkItem/${issue.id}`, issue);
      }
      const path = projectPathOf([...wanted.values()][0]);
      if (path === null) return found;
      const variables = { path, iids: [...wanted.values()].map(({ iid }) => String(iid)) };
      const { data, refusal } = await ask(facts, factsQuery, variables, WorkItemPage, options.signal);
      if (refusal !== null && withStatuses.has(path)) throw refusal;
      for (const item of data?.project?.workItems?.nodes ?? []) {
        const issue = item === null ? undefined : wanted.get(item.id.replace("/Issue/", "/WorkItem/"));
        if (item === null || issue === undefined) continue;
        const own = toFacts(item);
        if (own.stateId !== null) withStatuses.add(path);
        found.set(issue.id, own);
        remember(issue.id, momentOfItem(item), own);
      }
      return found;
    },

    /** A project's work item types and their widgets; null if GitLab does not tell. */
    async fetchTypes(path: string, signal?: AbortSignal): Promise<readonly WorkItemType[] | null> {
      const { data } = await ask(types, typesQuery, { path }, TypePage, signal);
      return data?.project?.workItemTypes?.nodes ?? null;
    },

    /** Changes a work item. Sent once. Throws GitLab's refusals with its message, and `unsupported` if the server does not have this mutation. */
    async update(
      issueId: string,
      input: object,
      signal?: AbortSignal,
    ): Promise<{ readonly item: WorkItem; readonly requestedAt: number }> {
      const query = updateMutation(levels[facts.at] ?? least);
      const variables = { input: { id: `gid://gitlab/WorkItem/${issueId}`, ...input } };
      const sent = await send(query, { variables, idempotent: false, signal }, Update, "work item");
      const { data, problems, requestedAt } = sent;
      const [problem] = problems;
      const refusal = data?.workItemUpdate?.errors[0];
      if (refusal !== undefined) throw toError(refusal, "invalid_input");
      if (problem !== undefined) throw toError(problem.message, codeOf(problem.message));
      const item = data?.workItemUpdate?.workItem;
      if (!item) throw toError("The answer has no work item", "invalid_response");
      return { item, requestedAt };
    },

    remember,
    /** Drops remembered facts that no longer hold although the update time may be unchanged. */
    forget(...issueIds: readonly string[]): void {
      for (const id of issueIds) remembered.delete(Number(id));
    },
  };
}

/**
 * The project's current path, which GraphQL requires. Not taken from the issue's URL, because a server may be configured under another address than it states.
 */
function projectPathOf(issue: Issue | undefined): string | null {
  return /^(.+)#\d+$/.exec(issue?.references?.full ?? "")?.[1] ?? null;
}

/** Some servers withhold GraphQL from tokens, or from everyone. */
function isWithheld(error: unknown): null {
  if (error instanceof PanopticonError && ["forbidden", "not_found", "invalid_input"].includes(error.code)) return null;
  throw error;
}
