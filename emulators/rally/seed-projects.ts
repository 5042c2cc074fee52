import { areaFor } from "../seed/areas.ts";
import type { CatalogueEntry } from "../seed/catalogue.ts";
import { dayMs } from "../seed/timeline.ts";
import type { FlowState, Project } from "./records.ts";
import type { RallyState } from "./state.ts";
import { flowStateNames } from "./workflow.ts";

const iterationDays = 14;
const iterationCount = 10;
const releaseDays = 84;

/** Creates a project with columns, iterations and releases; the last iteration but one is current. */
export function seedProject(state: RallyState, entry: CatalogueEntry, now: number): Project {
  const workspace = state.workspaces[0];
  const oid = Number(entry.key.split("/")[1]);
  if (workspace === undefined || Number.isNaN(oid)) throw new Error(`${entry.key} is no project of Rally.`);
  areaFor(entry.area);
  const project: Project = {
    oid,
    name: entry.name,
    workspace,
    parent: null,
    children: [],
    area: entry.area,
    isHidden: false,
    flowStates: [],
    iterations: [],
    releases: [],
  };
  project.flowStates.push(...makeFlowStates(state, project));
  const midnight = Math.floor(now / dayMs) * dayMs;
  for (let index = 0; index < iterationCount; index += 1) {
    const startDate = midnight + (index - iterationCount + 2) * iterationDays * dayMs - 5 * dayMs;
    project.iterations.push({
      oid: state.nextOid(),
      name: `Iteration ${41 + index}`,
      project,
      startDate,
      endDate: startDate + iterationDays * dayMs - 1_000,
    });
  }
  for (const [index, name] of ["4.10", "4.11", "4.12"].entries()) {
    const startDate = midnight + (index - 1) * releaseDays * dayMs - 30 * dayMs;
    project.releases.push({
      oid: state.nextOid(),
      name: `${entry.name} ${name}`,
      project,
      startDate,
      endDate: startDate + releaseDays * dayMs - 1_000,
    });
  }
  return project;
}

export function makeFlowStates(state: RallyState, project: Project): FlowState[] {
  return flowStateNames.map(([name, scheduleState], orderIndex) => ({
    oid: state.nextOid(),
    name,
    project,
    scheduleState,
    orderIndex,
  }));
}
