import { sql } from "kysely";
import type { Claim } from "../../domain/agent.ts";
import type { ClaimRecords } from "../../domain/work-records.ts";
import type { Database } from "../database/database.ts";
import { getIssue } from "./work-issue.ts";

export function claimRecords(database: Database): ClaimRecords {
  return {
    list: () =>
      database.read(async (db) => {
        const rows = await db.selectFrom("claim").selectAll().orderBy("claimed_at").orderBy("issue_id").execute();
        return rows.map((row): Claim => ({
          issueId: row.issue_id,
          ref: row.ref,
          project: row.project,
          claimedAt: row.claimed_at,
          agentId: row.agent_id,
          turns: row.turns,
          failures: row.failures,
          nextAt: row.next_at,
          ended: row.ended,
        }));
      }),
    take: ({ issueId, project, claimedAt }) =>
      database.write("user", async (db) => {
        const { ref } = await getIssue(db, issueId);
        const { rows } = await sql<{ issue_id: number }>`
          insert into claim (issue_id, ref, project, claimed_at, turns, failures)
          values (${issueId}, ${ref}, ${project}, ${claimedAt}, 0, 0)
          on conflict do nothing returning issue_id`.execute(db);
        return rows.length > 0;
      }),
    update: async (issueId, { agentId, turns, failures, nextAt, ended }) => {
      const columns = {
        ...(agentId !== undefined && { agent_id: agentId }),
        ...(turns !== undefined && { turns }),
        ...(failures !== undefined && { failures }),
        ...(nextAt !== undefined && { next_at: nextAt }),
        ...(ended !== undefined && { ended }),
      };
      if (Object.keys(columns).length === 0) return;
      await database.write("user", async (db) => {
        await db.updateTable("claim").set(columns).where("issue_id", "=", issueId).execute();
      });
    },
    release: (issueId) =>
      database.write("user", async (db) => {
        await db.deleteFrom("claim").where("issue_id", "=", issueId).execute();
      }),
  };
}
