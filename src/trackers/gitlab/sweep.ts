import { sweepTimedList } from "../timed-list/sweep.ts";
import type { WalkPage } from "../timed-list/timed-list.ts";
import type { LiveIssue, Source } from "../tracker.ts";
import { isMoved, issueListOf } from "./issue-list.ts";
import { keyOf } from "./keys.ts";
import { toIssue, toSeen } from "./map.ts";
import type { GitlabParts } from "./parts.ts";
import { projectOf } from "./project-of.ts";
import type { Issue } from "./schema.ts";

/** All existing issues inside the history window, with their records, because on GitLab a label change may not affect the update time. */
export async function* sweepIssues(
  parts: GitlabParts,
  source: Source,
  signal: AbortSignal,
): AsyncGenerator<readonly LiveIssue[], void, undefined> {
  const list = issueListOf(parts.client, projectOf(source));
  for await (const page of sweepTimedList(list, source, parts.client.serverNow(), signal)) {
    yield await toLive(parts, source, page, signal);
  }
}

/** An unparsable issue exists all the same. */
async function toLive(
  { client, workItems, memory }: GitlabParts,
  source: Source,
  page: WalkPage<Issue>,
  signal: AbortSignal,
): Promise<LiveIssue[]> {
  const { requestedAt } = page.answer;
  const here = page.issues.filter((issue) => !isMoved(issue));
  memory.learn(source, here);
  const facts = await workItems.factsOf(here, { fresh: true, signal });
  return [
    ...here.map((issue): LiveIssue => {
      const own = facts.get(issue.id) ?? null;
      const found = { issue: toIssue(issue, client.web, own), seen: toSeen([issue], [own]), requestedAt };
      return { nativeId: String(issue.id), key: keyOf(issue.iid), found: { kind: "issue", ...found } };
    }),
    ...page.rejected.flatMap(({ nativeId, raw }) => {
      const iid = /"iid":(\d+)/.exec(raw)?.[1];
      return nativeId === null ? [] : [{ nativeId, key: iid === undefined ? "" : keyOf(iid) }];
    }),
  ];
}
