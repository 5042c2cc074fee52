import { sql } from "kysely";
import { livingStates } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { WorkspacePatch, WorkspaceRecords } from "../../domain/work-records.ts";
import { workspaceStates, workspaceSteps, type BranchRequest, type Workspace } from "../../domain/workspace.ts";
import type { Database, Trx } from "../database/database.ts";
import type { WorkspaceTable } from "../schema/tables.ts";
import { fromJson, toJson } from "../sources/source-record.ts";
import { findLive, getIssue, tellCard, toWorkIssue } from "./work-issue.ts";

type Row = Omit<WorkspaceTable, "id"> & { readonly id: number };

export function workspaceRecords(database: Database): WorkspaceRecords {
  const read = async (db: Trx, where: ReturnType<typeof sql<boolean>>): Promise<readonly Workspace[]> => {
    const { rows } = await sql<Row>`select * from workspace where ${where} order by created_at desc, id desc`.execute(
      db,
    );
    const live = await findLive(db, rows);
    return rows.map((row) => toWorkspace(row, live));
  };
  return {
    list: () => database.read((db) => read(db, sql`1 = 1`)),
    find: (id) => database.read(async (db) => (await read(db, sql`id = ${id}`))[0] ?? null),
    findOfIssue: (issueId) =>
      database.read(async (db) => {
        const { connection, native_id } = await getIssue(db, issueId);
        const found = await read(
          db,
          sql`issue_id = ${issueId} or (connection = ${connection} and native_id = ${native_id})`,
        );
        return found[0] ?? null;
      }),
    add: (workspace) =>
      database.write("user", async (db) => {
        const issue = await getIssue(db, workspace.issueId);
        const { project, repository, path, branch, base, baseCommit, state, step, problem, notes, at } = workspace;
        const { rows } = await sql<{ id: number }>`
          insert into workspace (issue_id, connection, native_id, ref, title, tracker, project, repository, path, branch,
            base, base_commit, state, step, problem, notes, created_at)
          values (${issue.issue_id}, ${issue.connection}, ${issue.native_id}, ${issue.ref}, ${issue.title},
            ${issue.tracker}, ${project}, ${repository}, ${path}, ${branch}, ${base}, ${baseCommit}, ${state}, ${step},
            ${problem}, ${toJson(notes)}, ${at})
          on conflict do nothing returning id`.execute(db);
        const id = rows[0]?.id;
        if (id === undefined) {
          throw new PanopticonError(
            "conflict",
            `${issue.ref} already has a workspace, or another issue uses its folder.`,
            {
              hint: "List the workspaces with pan workspace list.",
            },
          );
        }
        return { id, change: await tellCard(db, issue.issue_id) };
      }),
    update: (id, patch) =>
      database.write("user", async (db) => {
        const columns = toColumns(patch);
        const row = await db.selectFrom("workspace").selectAll().where("id", "=", id).executeTakeFirst();
        if (row === undefined) throw noWorkspace();
        const live = toWorkIssue(row, await findLive(db, [row]));
        const issue =
          live.issueId === null
            ? {}
            : { issue_id: live.issueId, ref: live.ref, title: live.title, ...(await nativeOf(db, id, live.issueId)) };
        const set = { ...columns, ...issue };
        // A workspace whose issue is gone may have nothing to update.
        if (Object.keys(set).length > 0) await db.updateTable("workspace").set(set).where("id", "=", id).execute();
        return tellCard(db, live.issueId ?? row.issue_id);
      }),
    beginRemoval: (id) =>
      database.write("user", async (db) => {
        const { rows } = await sql<{ issue_id: number; ref: string }>`
          update workspace set state = 'removing' where id = ${id} returning issue_id, ref`.execute(db);
        const row = rows[0];
        if (row === undefined) throw noWorkspace();
        const agent = await sql<{ id: number; name: string }>`
          select id, name from agent where workspace_id = ${id} and state in (${sql.join([...livingStates])})`.execute(
          db,
        );
        const living = agent.rows[0];
        if (living !== undefined) {
          throw new PanopticonError(
            "conflict",
            `The workspace of ${row.ref} was not removed: ${living.name} is working in it (agent ${living.id}).`,
            { hint: `Stop the agent: pan agent stop ${living.id}. Then remove the workspace again.` },
          );
        }
        return tellCard(db, row.issue_id);
      }),
    remove: (id) =>
      database.write("user", async (db) => {
        const { rows } = await sql<{ issue_id: number }>`
          delete from workspace where id = ${id} returning issue_id`.execute(db);
        await sql`update agent set workspace_id = null where workspace_id = ${id}`.execute(db);
        const issueId = rows[0]?.issue_id;
        if (issueId === undefined) throw noWorkspace();
        return tellCard(db, issueId);
      }),
  };
}

/**
 * Updates the native id of a new issue once its tracker has named it. Skipped if another workspace already has that id: both were created while the new issue
 * and its pulled copy were separate.
 */
async function nativeOf(db: Trx, id: number, issueId: number): Promise<{ readonly native_id?: string }> {
  const { native_id, connection } = await getIssue(db, issueId);
  const { rows } = await sql`
    select 1 from workspace where native_id = ${native_id} and connection = ${connection} and id <> ${id}`.execute(db);
  return rows.length > 0 ? {} : { native_id };
}

function noWorkspace(): PanopticonError {
  return new PanopticonError("not_found", "Workspace not found.", {
    hint: "List the workspaces with pan workspace list.",
  });
}

function toColumns(patch: WorkspacePatch) {
  const { repository, path, branch, base, baseCommit, state, step, problem, notes, request } = patch;
  return {
    ...(repository !== undefined && { repository }),
    ...(path !== undefined && { path }),
    ...(branch !== undefined && { branch }),
    ...(base !== undefined && { base }),
    ...(baseCommit !== undefined && { base_commit: baseCommit }),
    ...(state !== undefined && { state }),
    ...(step !== undefined && { step }),
    ...(problem !== undefined && { problem }),
    ...(notes !== undefined && { notes: JSON.stringify(notes) }),
    ...(request !== undefined && { request: toJson(request) }),
  };
}

function toWorkspace(row: Row, live: Parameters<typeof toWorkIssue>[1]): Workspace {
  return {
    id: row.id,
    issue: toWorkIssue(row, live),
    project: row.project,
    repository: row.repository,
    path: row.path,
    branch: row.branch,
    base: row.base,
    baseCommit: row.base_commit,
    state: workspaceStates.find((state) => state === row.state) ?? "failed",
    step: workspaceSteps.find((step) => step === row.step) ?? null,
    problem: row.problem,
    notes: fromJson<string[]>(row.notes) ?? [],
    createdAt: row.created_at,
    request: fromJson<BranchRequest>(row.request),
  };
}
