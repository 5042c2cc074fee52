import type { Config, ConfigProblem, Project } from "../../config/config.ts";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import { parseFilter, type FilterWords } from "../../domain/parse-filter.ts";
import { forEachStatus } from "../../domain/status.ts";
import { readIssueDetail } from "../../server/find/read-issue-detail.ts";
import { toIssueShape } from "../../server/shapes/issue-shape.ts";
import { findNotMirrored } from "../../server/shapes/not-mirrored.ts";
import { toProjectShape } from "../../server/shapes/project-shape.ts";
import type { ProjectsShape, ProjectStatesShape } from "../../server/contract/project.ts";
import type { RefContext } from "../../server/find/resolve-ref.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { Me, Store } from "../../store/store.ts";
import type { Mirror } from "../app.ts";
import type { Context } from "../context.ts";
import { openMirror } from "../open-mirror.ts";
import type { IssuesQuery, Reading } from "./reading.ts";

/** Reads the mirror while no server runs. */
export async function openMirrorReading(context: Context): Promise<Reading> {
  const mirror = await openMirror(context);
  return mirror === null ? emptyReading(context) : createMirrorReading(context, mirror);
}

/** Syncs with the trackers, then reads. Failures are reported on standard error; everything else is read. */
export async function syncedReading(context: Context): Promise<Reading> {
  const app = await (await import("../compose.ts")).composeApp({ ...context, programs: "used" });
  try {
    await (await import("../sync-now.ts")).syncHere(context, app, {});
    const { lookUp } = (await import("../../server/find/ref-context.ts")).toRefContext(app);
    return await createMirrorReading(context, { store: app.store, close: () => app.close() }, lookUp);
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function createMirrorReading(context: Context, mirror: Mirror, lookUp?: RefContext["lookUp"]): Promise<Reading> {
  const { store } = mirror;
  const sources = await store.sources.list();
  return {
    mirrorAge: { at: ageOf(sources) },
    async issues(query) {
      const { filter, sort } = await readFilter(context, sources, query);
      const window = await store.board.issues({
        filter,
        sort,
        limit: query.limit,
        cursor: query.cursor,
        me: await readMe(store),
      });
      const { total, byStatus, cursor } = window;
      return { issues: window.issues.map(toIssueShape), total, byStatus, cursor };
    },
    async facets() {
      const { labels, assignees, types, cycles, states } = await store.board.facets();
      return {
        labels: [...labels],
        assignees: [...assignees],
        types: [...types],
        cycles: [...cycles],
        states: [...states],
      };
    },
    async issue(ref, { history } = {}) {
      const { resolveRef } = await import("../../server/find/resolve-ref.ts");
      const { trackers } = await import("../../trackers/registry.ts");
      const { id } = await resolveRef(ref, { trackers, board: store.board, ...(lookUp && { lookUp }) });
      return { issue: await readIssueDetail({ store, trackers }, id, history), commentsProblem: null };
    },
    async agent(id) {
      const agent = await store.work.agents.find(id);
      if (agent === null) throw noAgent(id);
      const { toAgentShape } = await import("../../server/shapes/work-shape.ts");
      return toAgentShape(
        agent,
        agent.workspaceId === null ? null : await store.work.workspaces.find(agent.workspaceId),
      );
    },
    trackers: async () => {
      const { describeTrackers } = await import("./stored-trackers.ts");
      const [accounts, pauses, keptMoves] = await Promise.all([
        store.sources.accounts(),
        store.sources.pauses(),
        store.shadows.countLeft(),
      ]);
      return describeTrackers(context, sources, { accounts, pauses, keptMoves });
    },
    projects: () => listProjects(context),
    problems: () => findProblems(context),
    states: (project) => readStates(context, project, store.sources),
    async outbox() {
      const [{ describeOperations }, { toOperationShape }] = await Promise.all([
        import("../../changes/outbox/describe-operations.ts"),
        import("../../server/shapes/change-shape.ts"),
      ]);
      const entries = await describeOperations(await store.outbox.list(), store);
      return { operations: entries.map(toOperationShape), total: entries.length, cursor: null };
    },
    keptMoves: async () => (await store.shadows.list()).length,
    async mirrored() {
      const accounts = await store.sources.accounts();
      const unknown = sources.map(({ config }) => config.connection).filter((id) => !Object.hasOwn(accounts, id));
      return { total: await store.board.total(), notMirrored: findNotMirrored(sources, {}, unknown) };
    },
    close: () => mirror.close(),
  };
}

/** Used before the first sync. */
function emptyReading(context: Context): Reading {
  return {
    mirrorAge: { at: "empty" },
    async issues(query) {
      await readFilter(context, [], query);
      return { issues: [], total: 0, byStatus: forEachStatus(() => 0), cursor: null };
    },
    facets: () => Promise.resolve({ labels: [], assignees: [], types: [], cycles: [], states: [] }),
    issue: (ref) =>
      Promise.reject(
        new PanopticonError("not_found", `There is no issue “${ref}”: nothing is mirrored yet.`, {
          hint: "Run pan up or pan sync first.",
        }),
      ),
    agent: (id) => Promise.reject(noAgent(id)),
    trackers: async () =>
      (await import("./stored-trackers.ts")).describeTrackers(context, [], { accounts: {}, pauses: {}, keptMoves: 0 }),
    projects: () => listProjects(context),
    problems: () => findProblems(context),
    states: (project) =>
      readStates(context, project, {
        list: async () => [],
        vocabulary: async () => ({ states: [], labels: [], cycles: [], priorities: [], people: [] }),
      }),
    outbox: () => Promise.resolve({ operations: [], total: 0, cursor: null }),
    keptMoves: () => Promise.resolve(0),
    mirrored: () => Promise.resolve({ total: 0, notMirrored: [] }),
    close: () => Promise.resolve(),
  };
}

function noAgent(id: number): PanopticonError {
  return new PanopticonError("not_found", `There is no agent ${id}.`, { hint: "List the agents with pan agent list." });
}

function ageOf(sources: readonly SourceRow[]): number | "never" | "empty" {
  if (sources.length === 0) return "empty";
  const times = sources.map(({ sync }) => sync.lastCompleteAt);
  return times.includes(null) ? "never" : Math.min(...times.filter((time) => time !== null));
}

async function readMe(store: Store): Promise<Me> {
  const accounts = await store.sources.accounts();
  return Object.fromEntries(Object.entries(accounts).map(([connection, { id }]) => [connection, id]));
}

/** The mirror knows nearly every word of a filter; the configuration is read only for one it does not know. */
async function readFilter(context: Context, sources: readonly SourceRow[], { written }: IssuesQuery) {
  const projects = new Map(sources.map(({ config }) => [config.project, config.projectName]));
  const mirrored: FilterWords = {
    trackers: [...new Set(sources.map(({ config }) => config.tracker))],
    projects: [...projects].map(([id, name]) => ({ id, name })),
  };
  try {
    return parseFilter(written, mirrored);
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
    const { trackers } = await import("../../trackers/registry.ts");
    return parseFilter(written, {
      trackers: trackers.map(({ id }) => id),
      projects: [...mirrored.projects, ...(await loadProjects(context))],
    });
  }
}

async function readStates(
  context: Context,
  project: string,
  sources: Pick<Store["sources"], "list" | "vocabulary">,
): Promise<ProjectStatesShape> {
  const [{ findProject }, { describeStates }] = await Promise.all([
    import("../../server/find/find-project.ts"),
    import("../../server/shapes/project-states.ts"),
  ]);
  return describeStates(findProject({ projects: await loadProjects(context) }, project), sources);
}

async function listProjects(context: Context): Promise<ProjectsShape> {
  const projects = (await loadProjects(context)).map(toProjectShape);
  return { projects, total: projects.length, cursor: null };
}

const loadProjects = async (context: Context): Promise<readonly Project[]> => (await load(context)).projects;

const findProblems = async (context: Context): Promise<readonly ConfigProblem[]> => (await load(context)).problems;

const load = async (context: Context): Promise<Config> =>
  (await import("../load-config.ts")).loadConfig(context, "none");
