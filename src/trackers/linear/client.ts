import type { z } from "zod";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { HttpClient } from "../http/http-client.ts";
import { type Answer, createAsk } from "./ask.ts";
import { isTooComplex } from "./errors.ts";
import * as queries from "./queries.ts";
import type { Query } from "./queries.ts";
import * as schema from "./schema.ts";

/** `{id: {eq}}` once the immutable id is known, else `{key: {eqIgnoreCase}}`. */
export type TeamFilter = Readonly<Record<string, unknown>>;
export type IssueFilter = Readonly<Record<string, unknown>>;

export type LinearClient = ReturnType<typeof createLinearClient>;

/** The page of an issue that is gone. */
const noPage = { nodes: [], pageInfo: { hasNextPage: false } };

/** The minimum page size when a too complex query is halved. */
const smallestPage = 10;

/** Linear's queries as functions; mutations are in `write/write-client.ts`. */
export function createLinearClient(http: HttpClient) {
  /** The largest page size that was not refused as too complex, by query. */
  const accepted = new Map<Query, number>();

  const { ask } = createAsk(http);

  /** Requests a page of at most `wanted`; halves the size if Linear counts the query as more complex than documented. */
  async function askPage<T>(
    query: Query,
    variables: Readonly<Record<string, unknown>>,
    shape: z.ZodType<T>,
    signal: AbortSignal | undefined,
    wanted: number = query.pageSize,
  ): Promise<Answer<T>> {
    for (;;) {
      const first = Math.min(wanted, accepted.get(query) ?? query.pageSize);
      try {
        return await ask(query, { ...variables, first }, shape, signal);
      } catch (error) {
        if (!isPanopticonError(error) || !isTooComplex(error) || first <= smallestPage) throw error;
        accepted.set(query, Math.max(smallestPage, Math.floor(first / 2)));
      }
    }
  }

  type Page<N> = {
    readonly nodes: readonly N[];
    readonly pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
  };

  /** A connection to read page by page. */
  type Listing<T, N> = {
    readonly query: Query;
    readonly variables: Readonly<Record<string, unknown>>;
    readonly shape: z.ZodType<T>;
    readonly pageOf: (data: T) => Page<N>;
  };

  /** All pages of a connection, starting after `start`. */
  async function* follow<T, N>(
    { query, variables, shape, pageOf }: Listing<T, N>,
    signal: AbortSignal | undefined,
    start: string | null = null,
  ): AsyncGenerator<readonly N[], void, undefined> {
    let after = start;
    for (;;) {
      const { data } = await askPage(query, { ...variables, after }, shape, signal);
      const page = pageOf(data);
      yield page.nodes;
      const next = nextCursor(page.pageInfo, after);
      if (next === null) return;
      after = next;
    }
  }

  /** All nodes of a connection whose first page is already known. */
  async function rest<T, N>(known: Page<N>, listing: Listing<T, N>, signal: AbortSignal | undefined): Promise<N[]> {
    const nodes = [...known.nodes];
    const next = nextCursor(known.pageInfo, null);
    if (next === null) return nodes;
    for await (const more of follow(listing, signal, next)) nodes.push(...more);
    return nodes;
  }

  /** An issue's relations, including those beyond the first page of either direction. */
  async function withMoreRelations(
    issue: z.infer<typeof schema.RelationsAnswer>["issues"]["nodes"][number],
    signal: AbortSignal | undefined,
  ): Promise<schema.Relations> {
    const own = { filter: { id: { eq: issue.id } } };
    return {
      relations: {
        nodes: await rest(
          issue.relations,
          {
            query: queries.moreRelationsQuery,
            variables: own,
            shape: schema.MoreRelations,
            pageOf: (more) => more.issues.nodes[0]?.relations ?? noPage,
          },
          signal,
        ),
      },
      inverseRelations: {
        nodes: await rest(
          issue.inverseRelations,
          {
            query: queries.moreInverseRelationsQuery,
            variables: own,
            shape: schema.MoreInverseRelations,
            pageOf: (more) => more.issues.nodes[0]?.inverseRelations ?? noPage,
          },
          signal,
        ),
      },
    };
  }

  return {
    serverNow: () => http.serverNow(),

    fetchViewer: async (signal?: AbortSignal) => (await ask(queries.viewerQuery, {}, schema.Viewer, signal)).data,

    fetchTeams: (signal?: AbortSignal) =>
      follow({ query: queries.teamsQuery, variables: {}, shape: schema.Teams, pageOf: (data) => data.teams }, signal),

    /** A team's immutable id; null if the key cannot see such a team. */
    async findTeamId(team: TeamFilter, signal?: AbortSignal): Promise<string | null> {
      const { data } = await ask(queries.teamIdQuery, { team }, schema.TeamId, signal);
      return data.teams.nodes[0]?.id ?? null;
    },

    /** A team with all of its states, members and cycles; undefined if the key cannot see such a team. */
    async findTeam(team: TeamFilter, signal?: AbortSignal) {
      const { data } = await ask(queries.teamQuery, { team }, schema.TeamAnswer, signal);
      const found = data.teams.nodes[0];
      if (found === undefined) return undefined;
      const { states, members, cycles } = found;
      const own = { team: { id: { eq: found.id } } };
      return {
        ...found,
        urlKey: data.organization.urlKey,
        priorities: data.issuePriorityValues,
        states: await rest(
          states,
          {
            query: queries.statesQuery,
            variables: { filter: own },
            shape: schema.States,
            pageOf: (more) => more.workflowStates,
          },
          signal,
        ),
        members: await rest(
          members,
          {
            query: queries.membersQuery,
            variables: { team: found.id },
            shape: schema.Members,
            pageOf: (more) => more.team.members,
          },
          signal,
        ),
        cycles: await rest(
          cycles,
          {
            query: queries.cyclesQuery,
            variables: { team: found.id },
            shape: schema.Cycles,
            pageOf: (more) => more.team.cycles,
          },
          signal,
        ),
      };
    },

    /** The labels of these teams and of the whole workspace. */
    async fetchLabels(teamIds: readonly string[], signal?: AbortSignal) {
      const filter = { or: [{ team: { null: true } }, { team: { id: { in: teamIds } } }] };
      const labels: schema.Label[] = [];
      for await (const page of follow(
        { query: queries.labelsQuery, variables: { filter }, shape: schema.Labels, pageOf: (data) => data.issueLabels },
        signal,
      )) {
        labels.push(...page);
      }
      return labels;
    },

    /** One page of issues, latest change first. */
    fetchIssues: (
      variables: { readonly team: TeamFilter; readonly filter: IssueFilter; readonly after: string | null },
      first: number | undefined,
      signal: AbortSignal,
    ) => askPage(queries.issuesQuery, variables, schema.IssuePage, signal, first),

    fetchIds: (
      variables: { readonly team: TeamFilter; readonly filter: IssueFilter; readonly after: string | null },
      signal: AbortSignal,
    ) => askPage(queries.idsQuery, variables, schema.IdPage, signal),

    fetchIssue: (variables: { readonly team: TeamFilter; readonly filter: IssueFilter }, signal?: AbortSignal) =>
      ask(queries.issueQuery, variables, schema.OneIssue, signal),

    /** All relations of some issues, by issue id. */
    async fetchRelations(ids: readonly string[], signal?: AbortSignal) {
      const found = new Map<string, schema.Relations>();
      let left = ids;
      while (left.length > 0) {
        const batch = left.slice(0, accepted.get(queries.relationsQuery) ?? queries.relationsQuery.pageSize);
        const filter = { id: { in: batch } };
        const { data } = await askPage(
          queries.relationsQuery,
          { filter },
          schema.RelationsAnswer,
          signal,
          batch.length,
        );
        for (const issue of data.issues.nodes) found.set(issue.id, await withMoreRelations(issue, signal));
        left = left.slice(batch.length);
      }
      return found;
    },

    /** All attachments of an issue, given its first page. */
    fetchAttachments: (
      { id, attachments }: Pick<schema.IssueWithTeam, "id" | "attachments">,
      signal?: AbortSignal,
    ): Promise<schema.Attachment[]> =>
      rest(
        attachments,
        {
          query: queries.moreAttachmentsQuery,
          variables: { filter: { id: { eq: id } } },
          shape: schema.MoreAttachments,
          pageOf: (more) => more.issues.nodes[0]?.attachments ?? noPage,
        },
        signal,
      ),

    fetchComments: (issueId: string, signal?: AbortSignal) =>
      follow(
        {
          query: queries.commentsQuery,
          variables: { filter: { issue: { id: { eq: issueId } } } },
          shape: schema.Comments,
          pageOf: (data) => data.comments,
        },
        signal,
      ),
  };
}

/** The cursor of the next page; null on the last. Throws `invalid_response` if the server repeats the same page forever. */
export function nextCursor(
  pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined },
  after: string | null,
): string | null {
  if (!pageInfo.hasNextPage) return null;
  if (!pageInfo.endCursor || pageInfo.endCursor === after) {
    throw new PanopticonError("invalid_response", "Linear reported another page of a list, but no cursor for it.", {
      tracker: "linear",
      hint: "Panopticon retries later.",
    });
  }
  return pageInfo.endCursor;
}
