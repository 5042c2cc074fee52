import { type RawBuilder, sql } from "kysely";
import { type AgentState, agentStates } from "../../domain/agent.ts";
import type { Trx } from "../database/database.ts";
import type { IssueCard } from "./issue-card.ts";

export type CardWork = Pick<IssueCard, "workspace" | "agent">;

/** The workspaces of these issues, with the last agent in each; the newer one if an issue has two. */
export async function findWork(db: Trx, ids: readonly number[]): Promise<ReadonlyMap<number, CardWork>> {
  if (ids.length === 0) return new Map();
  return readWork(db, sql`where w.issue_id in ${db.dialect.list(ids)}`);
}

/** The state of the agent that each issue's card shows, of all issues that have one. */
export async function findAgentStates(db: Trx): Promise<ReadonlyMap<number, AgentState>> {
  const work = await readWork(db, sql`where w.issue_id is not null`);
  return new Map([...work].flatMap(([id, { agent }]) => (agent === null ? [] : [[id, agent.state] as const])));
}

async function readWork(db: Trx, where: RawBuilder<unknown>): Promise<ReadonlyMap<number, CardWork>> {
  const { rows } = await sql<{
    issue_id: number;
    workspace_id: number;
    branch: string;
    path: string;
    agent_id: number | null;
    name: string | null;
    state: string | null;
    since: number | null;
  }>`
    select w.issue_id, w.id as workspace_id, w.branch, w.path, a.id as agent_id, a.name, a.state, a.since
    from workspace w
    left join agent a on a.id = (select max(last.id) from agent last where last.issue_id = w.issue_id and last.workspace_id = w.id)
    ${where}
    order by w.created_at, w.id`.execute(db);
  return new Map(
    rows.map((row) => [
      row.issue_id,
      {
        workspace: { id: row.workspace_id, branch: row.branch, path: row.path },
        agent:
          row.agent_id === null
            ? null
            : {
                id: row.agent_id,
                name: row.name ?? "",
                state: agentStates.find((state) => state === row.state) ?? "lost",
                since: row.since ?? 0,
              },
      },
    ]),
  );
}
