import { sql } from "kysely";
import { agentStates, livingStates, type Agent } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { AgentPatch, AgentRecords } from "../../domain/work-records.ts";
import type { Database, Trx } from "../database/database.ts";
import type { AgentTable } from "../schema/tables.ts";
import { findLive, getIssue, tellCard, toWorkIssue } from "./work-issue.ts";

type Row = Omit<AgentTable, "id"> & { readonly id: number };

export function agentRecords(database: Database): AgentRecords {
  const living = sql.join([...livingStates]);
  const toAgents = async (db: Trx, rows: readonly Row[]): Promise<readonly Agent[]> => {
    const live = await findLive(db, rows);
    return rows.map((row) => toAgent(row, live));
  };
  const find = async (db: Trx, id: number): Promise<Agent | null> => {
    const { rows } = await sql<Row>`select * from agent where id = ${id}`.execute(db);
    return (await toAgents(db, rows))[0] ?? null;
  };
  return {
    list: ({ endedLimit } = {}) =>
      database.read(async (db) => {
        const limit = endedLimit === undefined ? sql`` : sql`limit ${endedLimit}`;
        const alive = await sql<Row>`select * from agent where state in (${living}) order by id`.execute(db);
        const ended = await sql<Row>`
          select * from agent where state not in (${living})
          order by ended_at desc, id desc ${limit}`.execute(db);
        return toAgents(db, [...alive.rows, ...ended.rows]);
      }),
    ids: () =>
      database.read(async (db) => {
        const alive = await sql<{ id: number }>`select id from agent where state in (${living}) order by id`.execute(
          db,
        );
        const ended = await sql<{ id: number }>`
          select id from agent where state not in (${living}) order by ended_at desc, id desc`.execute(db);
        return [...alive.rows, ...ended.rows].map(({ id }) => id);
      }),
    findAll: (ids) =>
      database.read(async (db) => {
        if (ids.length === 0) return [];
        const { rows } = await sql<Row>`select * from agent where id in ${db.dialect.list(ids)}`.execute(db);
        const agents = new Map((await toAgents(db, rows)).map((agent) => [agent.id, agent]));
        return ids.flatMap((id) => agents.get(id) ?? []);
      }),
    find: (id) => database.read((db) => find(db, id)),
    findOfIssue: (issueId) =>
      database.read(async (db) => {
        const { rows } = await sql<Row>`
          select * from agent where issue_id = ${issueId} order by id desc limit 1`.execute(db);
        return (await toAgents(db, rows))[0] ?? null;
      }),
    add: ({ issueId, workspaceId, project, name, plan, prompt, actor, at }) =>
      database.write("user", async (db) => {
        const issue = await getIssue(db, issueId);
        await refuseRemoved(db, workspaceId, issue.ref);
        const { rows } = await sql<{ id: number }>`
          insert into agent (workspace_id, issue_id, connection, native_id, ref, title, tracker, project, name, plan,
            prompt, state, since, started_at, session, turn, actor)
          values (${workspaceId}, ${issue.issue_id}, ${issue.connection}, ${issue.native_id}, ${issue.ref},
            ${issue.title}, ${issue.tracker}, ${project}, ${name}, ${plan ? 1 : 0}, ${prompt}, 'starting', ${at}, ${at},
            '', 1, ${actor})
          on conflict do nothing returning id`.execute(db);
        const id = rows[0]?.id;
        if (id === undefined) {
          throw new PanopticonError("conflict", `An agent is already working on ${issue.ref}.`, {
            hint: "Send it a message, or stop it first. Find it with pan agent list.",
          });
        }
        await db
          .updateTable("agent")
          .set({ session: `agent-${id}` })
          .where("id", "=", id)
          .execute();
        const change = await tellCard(db, issueId);
        const agent = await find(db, id);
        if (agent === null) throw new Error("an agent that was just added is there");
        return { agent, change };
      }),
    update: (id, patch, from) =>
      database.write("user", async (db) => {
        const columns = toColumns(patch);
        const { rows } = await sql<Pick<Row, "issue_id" | "ref" | "workspace_id" | "state" | "since">>`
          select issue_id, ref, workspace_id, state, since from agent where id = ${id}`.execute(db);
        const row = rows[0];
        if (row === undefined) throw new PanopticonError("not_found", "Agent not found.");
        if (from !== undefined && !from.states.some((state) => state === row.state)) return null;
        if (from?.since !== undefined && row.since > from.since) return null;
        const isStarted = patch.state === "starting" && !isLivingState(row.state);
        if (isStarted) await refuseRemoved(db, row.workspace_id, row.ref);
        await db.updateTable("agent").set(columns).where("id", "=", id).execute();
        return tellCard(db, row.issue_id);
      }),
  };
}

const isLivingState = (state: string): boolean => livingStates.some((living) => living === state);

/** Throws `busy` if a workspace is being removed or is gone. */
async function refuseRemoved(db: Trx, id: number | null, ref: string): Promise<void> {
  const { rows } = await sql`select id from workspace where id = ${id} and state <> 'removing'`.execute(db);
  if (rows.length > 0) return;
  throw new PanopticonError("busy", `The workspace of ${ref} is being removed right now.`, {
    hint: `When that is done, start a new agent: pan agent start ${ref}.`,
  });
}

function toColumns(patch: AgentPatch) {
  const { state, since, reason, startedAt, endedAt, exitCode, session, turn, lastLine, lastOutputAt, cost, tokens } =
    patch;
  return {
    ...(state !== undefined && { state }),
    ...(since !== undefined && { since }),
    ...(reason !== undefined && { reason }),
    ...(startedAt !== undefined && { started_at: startedAt }),
    ...(endedAt !== undefined && { ended_at: endedAt }),
    ...(exitCode !== undefined && { exit_code: exitCode }),
    ...(session !== undefined && { session }),
    ...(turn !== undefined && { turn }),
    ...(lastLine !== undefined && { last_line: lastLine }),
    ...(lastOutputAt !== undefined && { last_output_at: lastOutputAt }),
    ...(cost !== undefined && { cost }),
    ...(tokens !== undefined && { tokens }),
  };
}

function toAgent(row: Row, live: Parameters<typeof toWorkIssue>[1]): Agent {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    issue: toWorkIssue(row, live),
    project: row.project,
    name: row.name,
    plan: row.plan === 1,
    prompt: row.prompt,
    state: agentStates.find((state) => state === row.state) ?? "lost",
    since: row.since,
    reason: row.reason,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    exitCode: row.exit_code,
    session: row.session,
    turn: row.turn,
    lastLine: row.last_line,
    lastOutputAt: row.last_output_at,
    actor: row.actor,
    cost: row.cost,
    tokens: row.tokens,
  };
}
