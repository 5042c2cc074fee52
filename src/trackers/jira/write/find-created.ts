import type { NativeDraft } from "../../../domain/operation.ts";
import { fieldOf, refuseUnreadable } from "../../http/parse-body.ts";
import type { OperationMark, ReadResult, Source } from "../../tracker.ts";
import { type JiraClient, pageSize } from "../client.ts";
import { conditionsOf } from "../jql.ts";
import { fieldsOf, type Reading, toIssue, toSeen } from "../map.ts";
import { isMarked, markKey } from "../marker.ts";
import { EntityProperty, Issue, WithProperties } from "../schema.ts";
import { clockSlackMs } from "../../server-clock.ts";

/** Data Center returns entity properties only issue by issue, so at most this many of the caller's newest issues are requested. */
const maxAsked = 25;

type Found = Extract<ReadResult, { kind: "issue" }>;

/** Finds the issues with an operation's mark among the caller's newest, oldest first. Cloud: one request. */
export async function findCreated(
  client: JiraClient,
  source: Source,
  draft: Pick<NativeDraft, "title">,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<readonly Found[]> {
  if (mark.firstSentAt === null) return [];
  const site = await client.getSite(signal);
  const reading: Reading = { server: client.baseUrl, site, custom: await client.getCustomFields(signal) };
  const since = Math.floor(client.toServer(mark.firstSentAt) - clockSlackMs);
  const jql = `${conditionsOf(source, {})} AND creator = currentUser() AND created >= ${since} ORDER BY created DESC`;
  const fields = fieldsOf(reading.custom);
  const reconcile = client.ownWrites.recent();
  const found: Found[] = [];
  let token: string | null = null;
  do {
    const request = { jql, fields, maxResults: pageSize, token, reconcile, properties: [markKey] };
    const page: Awaited<ReturnType<JiraClient["search"]>> = await client.search(request, signal);
    const marked = site.isCloud
      ? page.records.filter((raw) => isMarked(WithProperties.safeParse(raw).data?.properties?.[markKey], mark))
      : await askEach(client, page.records, draft.title, mark, signal);
    for (const raw of marked) {
      const issue = Issue.safeParse(raw).data;
      if (issue === undefined) {
        refuseUnreadable(raw, mark, "jira");
        continue;
      }
      const { requestedAt } = page;
      found.push({ kind: "issue", issue: toIssue(issue, reading), seen: toSeen([issue], reading), requestedAt });
    }
    token = page.token;
  } while (token !== null);
  return found.toSorted(
    (a, b) => a.issue.createdAt - b.issue.createdAt || Number(a.issue.nativeId) - Number(b.issue.nativeId),
  );
}

/** Requests those with the same title first; an administrator's rule may have changed the title. */
async function askEach(
  client: JiraClient,
  records: readonly unknown[],
  title: string,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<unknown[]> {
  const titleOf = (raw: unknown) => fieldOf(fieldOf(raw, "fields"), "summary");
  const ordered = [
    ...records.filter((raw) => titleOf(raw) === title),
    ...records.filter((raw) => titleOf(raw) !== title),
  ].slice(0, maxAsked);
  const found: unknown[] = [];
  for (const raw of ordered) {
    const id = fieldOf(raw, "id");
    if (typeof id !== "string") continue;
    const path = `/issue/${encodeURIComponent(id)}/properties/${markKey}`;
    const response = await client.get(path, {}, signal, [404]);
    if (response.status === 404) continue;
    if (isMarked(client.parse(EntityProperty, response, "property").value, mark)) found.push(raw);
  }
  return found;
}
