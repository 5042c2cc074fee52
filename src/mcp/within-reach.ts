import { PanopticonError } from "../domain/error.ts";
import type { AgentReach } from "../domain/work-settings.ts";
import type { IssueDetailShape } from "../server/contract/issue.ts";
import type { IssueDesk } from "./issue-desk.ts";

/** The issue for a tool's `ref`; without one, the caller's own. Throws `forbidden` if it is out of reach. */
export async function findWithinReach(desk: IssueDesk, ref: string | undefined): Promise<IssueDetailShape> {
  const own = await desk.own();
  if (ref === undefined) {
    if (own !== null) return own;
    throw new PanopticonError("invalid_input", "Give the issue: ref.", {
      hint: "Only an agent started by Panopticon has its own issue.",
    });
  }
  const issue = await desk.find(ref);
  checkReach(await desk.reach(), own, issue);
  return issue;
}

/** Throws `forbidden` if the issue is out of reach. */
export function checkReach(reach: AgentReach, own: IssueDetailShape | null, issue: IssueDetailShape): void {
  if (isWithinReach(reach, own, issue)) return;
  if (own === null) {
    throw new PanopticonError("forbidden", `${issue.ref} is out of reach: you have no issue of your own.`, {
      hint: "Outside an agent started by Panopticon, run pan mcp --reach all.",
    });
  }
  throw new PanopticonError("forbidden", `${issue.ref} is neither ${own.ref} nor linked to it.`, {
    hint: "Link it to yours with relate_issues; the user can extend the reach with mcp: { reach: project } in config.yaml.",
  });
}

/** Linked means related in any way, in either direction: the trackers' own relations, Panopticon's links, mentions, parent and children. */
export function isWithinReach(reach: AgentReach, own: IssueDetailShape | null, issue: IssueDetailShape): boolean {
  if (reach === "all") return true;
  if (own === null) return false;
  if (issue.address === own.address) return true;
  if (reach === "project" && issue.project === own.project) return true;
  return linksOf(own).has(issue.address) || linksOf(issue).has(own.address);
}

function linksOf({ relations, parent }: IssueDetailShape): ReadonlySet<string> {
  const addresses = [parent?.address, ...relations.map(({ address }) => address)];
  return new Set(addresses.filter((address) => address !== null && address !== undefined));
}
