import type { Person } from "../../domain/issue.ts";
import type { HttpClient } from "../http/http-client.ts";
import type { TrackerConnection } from "../tracker.ts";
import { createGitlabClient } from "./client.ts";
import { describeProject } from "./describe.ts";
import { iidOf } from "./keys.ts";
import { toComment, toPerson, toSourceInfo } from "./map.ts";
import { createMemory } from "./memory.ts";
import { createGitlabMergeRequests } from "./merge-requests.ts";
import type { GitlabParts } from "./parts.ts";
import { projectOf } from "./project-of.ts";
import { pullIssues } from "./pull.ts";
import { readIssue } from "./read.ts";
import { sweepIssues } from "./sweep.ts";
import { findRoots, isInThread } from "./threads.ts";
import { toFileAddress } from "./uploads.ts";
import { createWorkItems } from "./work-items/work-items.ts";
import { createGitlabWebhooks } from "./webhooks.ts";
import { createGitlabWriter } from "./write/write.ts";

export function connectGitlab(http: HttpClient): TrackerConnection {
  const client = createGitlabClient(http);
  const { web } = client;
  const parts: GitlabParts = { client, workItems: createWorkItems(http, web), memory: createMemory() };

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

    describe: (source, overrides, signal) => describeProject(parts, source, overrides, signal),
    pull: (source, request) => pullIssues(parts, source, request),
    sweep: (source, signal) => sweepIssues(parts, source, signal),

    read: (source, nativeId, key, signal) => readIssue(parts, source, { nativeId, key }, signal),

    async *comments(source, _nativeId, key, signal) {
      const place = { project: projectOf(source), iid: iidOf(key) };
      let roots: ReadonlyMap<number, string> | undefined;
      for await (const page of client.fetchNotes(place.project, place.iid, signal)) {
        // Servers that predate the filter also return system notes.
        const notes = page.filter((note) => note.system !== true);
        const people = new Map<string, Person>();
        for (const { author } of notes) if (author) people.set(String(author.id), toPerson(author));
        if (notes.some(isInThread)) roots ??= await findRoots(client, place, signal);
        yield {
          comments: notes.map((note) => toComment(note, web, roots?.get(note.id))),
          seen: { people: [...people.values()] },
        };
      }
    },

    async countOutside(source, signal) {
      if (source.historyMs === null) return 0;
      const start = new Date(client.serverNow() - source.historyMs - 1).toISOString();
      // Inclusive, and GitLab stores microseconds: up to the last one before the window.
      const before = start.replace("Z", "999Z");
      return client.countIssues(projectOf(source), { state: "closed", updated_before: before }, signal);
    },

    async openFile(url, signal) {
      return client.openFile(toFileAddress(url, web), signal);
    },

    webhooks: createGitlabWebhooks(http),
    write: createGitlabWriter(http, parts),
    code: createGitlabMergeRequests(http, client),
  };
}

/** https://docs.gitlab.com/user/profile/personal_access_tokens/#personal-access-token-scopes */
function missingScopes(scopes: readonly string[] | null, web: string): string[] {
  if (scopes === null || scopes.includes("api")) return [];
  const fix = `Create a token with the scope \`api\` at ${web}/-/user_settings/personal_access_tokens.`;
  return scopes.includes("read_api")
    ? [`The token has only the scope read_api: issues can be read but not changed. ${fix}`]
    : [`The token has neither the scope \`api\` nor \`read_api\`, so it cannot see issues. ${fix}`];
}
