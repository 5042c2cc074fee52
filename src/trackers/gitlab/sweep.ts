import { createCrowds } from "../crowds.ts";
import type { LiveIssue, Source } from "../tracker.ts";
import type { IssueState } from "./client.ts";
import { keyOf } from "./keys.ts";
import { toIssue, toSeen } from "./map.ts";
import type { GitlabParts } from "./parts.ts";
import { historyStart, isMoved, projectOf } from "./pull.ts";
import { walkCrowd, walkIssues, type WalkPage } from "./walk.ts";

/** Every live issue inside the history, with what was read of each: on GitLab a changed label may leave the update time alone. */
export async function* sweepIssues(
  parts: GitlabParts,
  source: Source,
  signal: AbortSignal,
): AsyncGenerator<readonly LiveIssue[], void, undefined> {
  const { client } = parts;
  const walked = { project: projectOf(source), crowds: createCrowds<IssueState>([]) };
  for (const state of ["opened", "closed"] as const) {
    const start = state === "opened" ? { since: null, seen: [] } : historyStart(source, client.serverNow());
    for await (const page of walkIssues(client, walked, { state, start }, signal)) {
      yield await toLive(parts, source, page, signal);
    }
  }
  for (let crowd = walked.crowds.takeDisturbed(); crowd !== undefined; crowd = walked.crowds.takeDisturbed()) {
    for await (const page of walkCrowd(client, walked, crowd, signal)) yield await toLive(parts, source, page, signal);
  }
}

/** What does not parse is alive all the same. */
async function toLive(
  { client, workItems, memory }: GitlabParts,
  source: Source,
  page: WalkPage,
  signal: AbortSignal,
): Promise<LiveIssue[]> {
  const { requestedAt } = page.answer;
  const here = page.issues.filter((issue) => !isMoved(issue));
  memory.learn(source, here);
  const facts = await workItems.factsOf(here, { fresh: true, signal });
  return [
    ...here.map((issue): LiveIssue => ({
      nativeId: String(issue.id),
      key: keyOf(issue.iid),
      found: {
        kind: "issue",
        issue: toIssue(issue, client.web, facts.get(issue.id) ?? null),
        seen: toSeen([issue]),
        requestedAt,
      },
    })),
    ...page.rejected.flatMap(({ nativeId, raw }) => {
      const iid = /"iid":(\d+)/.exec(raw)?.[1];
      return nativeId === null ? [] : [{ nativeId, key: iid === undefined ? "" : keyOf(iid) }];
    }),
  ];
}
