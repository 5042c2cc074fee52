import type { IssueDetailShape, IssueHistoryShape } from "../../server/contract/issue.ts";
import type { ServerClient } from "../server/server-client.ts";

/** The longest page of a list. */
const pageLimit = 1000;

/** An issue with this many of its newest changes, read page by page. `path`: the issue's call, whose answer it is. */
export async function withHistory(
  client: Pick<ServerClient, "get">,
  path: string,
  issue: IssueDetailShape,
  wanted = issue.history.length,
): Promise<IssueDetailShape> {
  const isEnough = issue.history.length <= wanted;
  const history = isEnough ? [...issue.history] : [];
  let { historyTotal: total, historyCursor: cursor } = issue;
  while (history.length < wanted && (cursor !== null || !isEnough)) {
    const query = new URLSearchParams({ limit: String(Math.min(wanted - history.length, pageLimit)) });
    if (history.length > 0 && cursor !== null) query.set("cursor", cursor);
    const page = (await client.get(`${path}/history`, query)) as IssueHistoryShape;
    history.push(...page.history);
    ({ total, cursor } = page);
  }
  return { ...issue, history, historyTotal: total, historyCursor: cursor };
}
