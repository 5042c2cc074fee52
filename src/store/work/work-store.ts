import type { WorkRecords } from "../../domain/work-records.ts";
import type { Database } from "../database/database.ts";
import { agentRecords } from "./agent-records.ts";
import { claimRecords } from "./claim-records.ts";
import { workspaceRecords } from "./workspace-records.ts";

export function workStore(database: Database): WorkRecords {
  return {
    workspaces: workspaceRecords(database),
    agents: agentRecords(database),
    claims: claimRecords(database),
  };
}
