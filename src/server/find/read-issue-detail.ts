import type { Store } from "../../store/store.ts";
import type { IssueDetailShape } from "../contract/issue.ts";
import type { Services } from "../services.ts";
import { toIssueDetailShape } from "../shapes/issue-shape.ts";
import { readHistoryPage } from "./read-history-page.ts";

/** How many changes an issue's answer has; older ones are read page by page. */
const usualHistory = 100;

/** An issue as it is mirrored, with its comments and newest changes. Throws `not_found`. */
export async function readIssueDetail(
  { store, trackers }: Pick<Services, "trackers"> & { readonly store: Pick<Store, "board" | "comments" | "history"> },
  id: number,
  history = usualHistory,
): Promise<IssueDetailShape> {
  const [issue, comments, page] = await Promise.all([
    store.board.detail(id),
    store.comments.list(id),
    readHistoryPage(store, id, { limit: history }),
  ]);
  const refs = trackers.find((tracker) => tracker.id === issue.tracker)?.refs;
  return toIssueDetailShape(issue, comments, page, refs);
}
