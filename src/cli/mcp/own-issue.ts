import { isPanopticonError } from "../../domain/error.ts";
import type { IssueDetailShape } from "../../server/contract/issue.ts";
import type { AgentShape } from "../../server/contract/work.ts";
import type { Reading } from "../reading/reading.ts";

type Asked = Pick<Reading, "issue">;

/** The issue an agent works on. If its ref is ambiguous, the one that has the agent's workspace. */
export async function findOwnIssue(
  reading: Asked,
  agent: Pick<AgentShape, "ref" | "workspace">,
): Promise<IssueDetailShape> {
  try {
    return (await reading.issue(agent.ref, { comments: false })).issue;
  } catch (error) {
    if (!isPanopticonError(error) || error.code !== "conflict") throw error;
    for (const candidate of error.candidates) {
      const { issue } = await reading.issue(candidate, { comments: false });
      if (issue.workspace !== null && issue.workspace.id === agent.workspace) return issue;
    }
    throw error;
  }
}
