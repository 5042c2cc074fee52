import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { NativeRelation, Person } from "../../domain/issue.ts";
import { createCrowds } from "../crowds.ts";
import type { HttpClient } from "../http/http-client.ts";
import { parseBody } from "../http/parse-body.ts";
import type { LiveIssue, ReadResult, Source, TrackerConnection } from "../tracker.ts";
import { createGitlabClient, type GitlabClient, type IssueState } from "./client.ts";
import { describeProject } from "./describe.ts";
import { keyOf, toComment, toIssue, toPerson, toRelation, toSeen, toSourceInfo } from "./map.ts";
import { historyStart, isMoved, projectOf, pullIssues } from "./pull.ts";
import { Issue } from "./schema.ts";
import { toFileAddress } from "./uploads.ts";
import { walkCrowd, walkIssues, type WalkPage } from "./walk.ts";

export function connectGitlab(http: HttpClient): TrackerConnection {
  const client = createGitlabClient(http);
  const { web } = client;

  return {
    async verify(signal) {
      const user = await client.fetchUser(signal);
      const scopes = await client.fetchScopes(signal);
      return {
        id: String(user.id),
        login: user.username,
        name: user.name || user.username,
        scopes,
        missing: missingScopes(scopes, web),
      };
    },

    async *sources(signal) {
      const seen = new Set<number>();
      for await (const page of client.fetchProjects(signal)) {
        for (const project of page) {
          if (seen.has(project.id)) continue;
          seen.add(project.id);
          yield toSourceInfo(project);
        }
      }
    },

    describe: (source, overrides, signal) => describeProject(client, source, overrides, signal),
    pull: (source, request) => pullIssues(client, source, request),

    async *sweep(source, signal) {
      const walked = { project: projectOf(source), crowds: createCrowds<IssueState>([]) };
      for (const state of ["opened", "closed"] as const) {
        const start = state === "opened" ? { since: null, seen: [] } : historyStart(source, client.serverNow());
        for await (const page of walkIssues(client, walked, { state, start }, signal)) yield liveOf(page, web);
      }
      for (let crowd = walked.crowds.takeDisturbed(); crowd !== undefined; crowd = walked.crowds.takeDisturbed()) {
        for await (const page of walkCrowd(client, walked, crowd, signal)) yield liveOf(page, web);
      }
    },

    read: (source, nativeId, key, signal) => read(client, source, nativeId, key, signal),

    async *comments(source, _nativeId, key, signal) {
      for await (const page of client.fetchNotes(projectOf(source), iidOf(key), signal)) {
        // Servers before the filter send their own remarks too.
        const notes = page.filter((note) => note.system !== true);
        const people = new Map<string, Person>();
        for (const { author } of notes) if (author) people.set(String(author.id), toPerson(author));
        yield { comments: notes.map((note) => toComment(note, web)), seen: { people: [...people.values()] } };
      }
    },

    async countOutside(source, signal) {
      if (source.historyMs === null) return 0;
      const start = new Date(client.serverNow() - source.historyMs - 1).toISOString();
      // Inclusive, and GitLab keeps microseconds: up to the last one before the window.
      const before = start.replace("Z", "999Z");
      return client.countIssues(projectOf(source), { state: "closed", updated_before: before }, signal);
    },

    async openFile(url, signal) {
      return client.openFile(toFileAddress(url, web), signal);
    },
  };
}

/**
 * One issue and its fate. A moved one stays behind, closed, and names where it went. One that is not in a readable project's list was deleted, or is
 * confidential and not for these credentials: GitLab does not tell these apart.
 */
async function read(
  client: GitlabClient,
  source: Source,
  nativeId: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<ReadResult> {
  const project = projectOf(source);
  const iid = iidOf(key);
  const { status, record, requestedAt } = await client.fetchIssue(project, iid, signal);
  if (status !== 200) return { kind: "forbidden" };
  if (record === undefined) return { kind: "gone" };
  const issue = parseBody(Issue, record, { tracker: "gitlab", what: "issue" });
  // Another project has taken over the path: that says nothing about this issue.
  if (String(issue.id) !== nativeId) return { kind: "forbidden" };
  if (issue.moved_to_id != null) {
    return { kind: "moved", url: await client.findIssueUrl(issue.moved_to_id, signal) };
  }
  return {
    kind: "issue",
    issue: { ...toIssue(issue, client.web), relations: await fetchRelations(client, project, issue, signal) },
    seen: toSeen([issue]),
    requestedAt,
  };
}

async function fetchRelations(
  client: GitlabClient,
  project: string,
  issue: Issue,
  signal: AbortSignal | undefined,
): Promise<readonly NativeRelation[] | null> {
  try {
    const relations = (await client.fetchLinks(project, String(issue.iid), signal)).map(toRelation);
    const original = issue._links?.closed_as_duplicate_of;
    const originalId = original ? await client.findIssueId(original, signal) : null;
    if (originalId === null) return relations;
    return [...relations, { id: `duplicate:${originalId}`, type: "duplicates", targetId: String(originalId) }];
  } catch (error) {
    // Linked issues may be withheld from guests; the issue itself is there all the same.
    if (isPanopticonError(error) && error.code === "forbidden") return null;
    throw error;
  }
}

function iidOf(key: string): string {
  const iid = /^!(\d+)$/.exec(key)?.[1];
  if (iid === undefined) {
    throw new PanopticonError("invalid_input", `"${key}" is no number of a GitLab issue.`, { tracker: "gitlab" });
  }
  return iid;
}

/** With what was read of each: on GitLab a changed label may leave the update time alone. What does not parse is alive all the same. */
function liveOf(page: WalkPage, web: string): LiveIssue[] {
  const { requestedAt } = page.answer;
  const here = page.issues.filter((issue) => !isMoved(issue));
  return [
    ...here.map((issue): LiveIssue => ({
      nativeId: String(issue.id),
      key: keyOf(issue.iid),
      found: { kind: "issue", issue: toIssue(issue, web), seen: toSeen([issue]), requestedAt },
    })),
    ...page.rejected.flatMap(({ nativeId, raw }) => {
      const iid = /"iid":(\d+)/.exec(raw)?.[1];
      return nativeId === null ? [] : [{ nativeId, key: iid === undefined ? "" : keyOf(iid) }];
    }),
  ];
}

/** https://docs.gitlab.com/user/profile/personal_access_tokens/#personal-access-token-scopes */
function missingScopes(scopes: readonly string[] | null, web: string): string[] {
  if (scopes === null || scopes.includes("api")) return [];
  const fix = `Make a token with the scope \`api\` at ${web}/-/user_settings/personal_access_tokens.`;
  return scopes.includes("read_api")
    ? [`The token has the scope read_api only: issues can be read and not changed. ${fix}`]
    : [`The token has neither the scope \`api\` nor \`read_api\`: issues stay invisible. ${fix}`];
}
