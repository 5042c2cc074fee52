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

/** The state of an issue that facts belong to: GitLab's update time, and whether it was open, for changes within one millisecond. */
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

/** How much of a query a server understands: from the whole of it down, one step with each refusal; at the end it has nothing of it. */
type Ladder<Level> = { readonly levels: readonly Level[]; at: number };

/** Issues whose facts are remembered: those of the last minutes, which every poll reads again. */
const maxRemembered = 2000;

const unknownHere: readonly (string | null | undefined)[] = [
  "undefinedField",
  "undefinedType",
  "argumentNotAccepted",
  "argumentLiteralsIncompatible",
];

/** What GitLab tells in GraphQL alone: parents, statuses, and the links of many issues at once. */
export function createWorkItems(http: HttpClient, web: string) {
  /** What a server has of issues says nothing of what it has of their kinds: each goes its own way down. */
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

  /** Asks for as much as the server has; no data where it has nothing of it, or these credentials may not ask, or with what GitLab has against the query. */
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
     * The facts of a page's issues, in one request for those that changed since they were last asked for; all of them when `fresh`. Empty where GitLab does not
     * tell. Throws where issues would be read wrongly without: in a project with statuses.
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

    /** The kinds of issues of a project and what they have; null where GitLab does not tell. */
    async fetchTypes(path: string, signal?: AbortSignal): Promise<readonly WorkItemType[] | null> {
      const { data } = await ask(types, typesQuery, { path }, TypePage, signal);
      return data?.project?.workItemTypes?.nodes ?? null;
    },

    /** Changes a work item. Sent once. Throws what GitLab refuses in its own words, `unsupported` where the server does not know of it. */
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
    /** What is remembered no longer holds, though the update time may still be the same. */
    forget(...issueIds: readonly string[]): void {
      for (const id of issueIds) remembered.delete(Number(id));
    },
  };
}

/** The project's present path, which GraphQL asks for. Not from the issue's address: a server may be asked at another one than it calls its own. */
function projectPathOf(issue: Issue | undefined): string | null {
  return /^(.+)#\d+$/.exec(issue?.references?.full ?? "")?.[1] ?? null;
}

/** Some servers keep GraphQL from tokens, or from everybody. */
function isWithheld(error: unknown): null {
  if (error instanceof PanopticonError && ["forbidden", "not_found", "invalid_input"].includes(error.code)) return null;
  throw error;
}
