import type {
  BoardShape,
  CommentsShape,
  FacetsShape,
  IssueDetailShape,
  IssueListShape,
} from "../../server/contract/issue.ts";
import type { ProjectStatesShape } from "../../server/contract/project.ts";
import type { AgentShape } from "../../server/contract/work.ts";
import type { KeptMovesShape } from "../../server/contract/shadow.ts";
import type { TrackersShape } from "../../server/contract/tracker.ts";
import type { Reading } from "./reading.ts";
import { withHistory } from "./with-history.ts";
import { fetchOutbox } from "../server/fetch-outbox.ts";
import { fetchProjects } from "../server/fetch-projects.ts";
import type { ServerClient } from "../server/server-client.ts";

/** Reads through a running server. Responses are trusted to match its contract. */
export function createServerReading(client: ServerClient): Reading {
  return {
    mirrorAge: null,
    async issues({ written, limit, cursor }) {
      const query = new URLSearchParams(written.map(([key, value]): [string, string] => [key, value]));
      query.set("limit", String(limit));
      if (cursor !== null) query.set("cursor", cursor);
      return (await client.get("/api/issues", query)) as IssueListShape;
    },
    facets: async () => (await client.get("/api/facets")) as FacetsShape,
    async issue(ref, { comments: fresh = true, history } = {}) {
      const path = `/api/issues/${encodeURIComponent(ref)}`;
      const issue = await withHistory(client, path, (await client.get(path)) as IssueDetailShape, history);
      if (!fresh) return { issue, commentsProblem: null };
      // Opening an issue fetches its comments from the tracker.
      const query = new URLSearchParams({ limit: "1000" });
      const { problem, fetchedAt, ...first } = (await client.get(`${path}/comments`, query)) as CommentsShape;
      const comments = [...first.comments];
      for (let { cursor } = first; cursor !== null;) {
        query.set("cursor", cursor);
        const page = (await client.get(`${path}/comments`, query)) as CommentsShape;
        comments.push(...page.comments);
        ({ cursor } = page);
      }
      return { issue: { ...issue, comments, commentsFetchedAt: fetchedAt }, commentsProblem: problem };
    },
    agent: async (id) => (await client.get(`/api/agents/${id}`)) as AgentShape,
    trackers: async () => (await client.get("/api/trackers")) as TrackersShape,
    projects: () => fetchProjects(client),
    problems: async () => ((await client.get("/api/trackers")) as TrackersShape).problems,
    states: async (project) =>
      (await client.get(`/api/projects/${encodeURIComponent(project)}/states`)) as ProjectStatesShape,
    outbox: () => fetchOutbox(client),
    keptMoves: async () =>
      ((await client.get("/api/shadow", new URLSearchParams({ limit: "1" }))) as KeptMovesShape).total,
    async mirrored() {
      const board = (await client.get("/api/board", new URLSearchParams({ limit: "1" }))) as BoardShape;
      return { total: board.mirrored, notMirrored: board.notMirrored };
    },
    close: () => Promise.resolve(),
  };
}
