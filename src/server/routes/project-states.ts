import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import { statusLabels } from "../../domain/status.ts";
import { NewStateInput, ProjectStatesShape, StatesInput, StatesQuery } from "../contract/project.ts";
import type { ServerEnv } from "../env.ts";
import { findProject } from "../find/find-project.ts";
import { checkOverrides, describeStates } from "../shapes/project-states.ts";
import type { Services } from "../services.ts";
import { findStateLike } from "../shapes/state-like.ts";
import { answers } from "./responses.ts";

const params = z.object({ id: z.string().max(200) });

const readRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/states",
  summary: "How each source's workflow maps to the six statuses",
  request: { params, query: StatesQuery },
  responses: answers(200, ProjectStatesShape, "The mapping as it was last read", [404]),
});

const writeRoute = createRoute({
  method: "put",
  path: "/api/projects/{id}/states",
  summary: "Set the project's overrides of the mapping in projects.yaml",
  request: {
    params,
    query: StatesQuery,
    body: { required: true, content: { "application/json": { schema: StatesInput } } },
  },
  responses: answers(
    200,
    ProjectStatesShape,
    "The mapping with the overrides; still the previous one if a tracker did not respond in time",
    [400, 404, 413, 415, 503],
  ),
});

const addRoute = createRoute({
  method: "post",
  path: "/api/projects/{id}/states",
  summary: "Create, in the tracker, the state that a source lacks for a status",
  request: {
    params,
    query: StatesQuery,
    body: { required: true, content: { "application/json": { schema: NewStateInput } } },
  },
  responses: answers(200, ProjectStatesShape, "The mapping with the new state", [400, 404, 413, 415, 422, 502, 503]),
});

/** The file is written at once; the tracker's result is worth a short wait. */
const patienceMs = 5_000;

export function addProjectStateRoutes(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { store, sync, config, trackers, clock, log } = services;
  const describe = (id: string, query: z.infer<typeof StatesQuery> = {}) =>
    describeStates(findProject(config.current(), id), store.sources, query);

  app.openapi(readRoute, async (c) => c.json(await describe(c.req.valid("param").id, c.req.valid("query")), 200));

  app.openapi(writeRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { states } = c.req.valid("json");
    const project = findProject(config.current(), id);
    await checkOverrides(states, { project, trackers, sources: store.sources });
    const before = (await describe(id)).states;
    const named = Object.entries(states).filter(([, names]) => Object.keys(names).length > 0);
    await config.updateProject(id, { states: named.length === 0 ? null : Object.fromEntries(named) });
    await readAgain(
      project.sources
        .filter(({ tracker }) => JSON.stringify(before[tracker] ?? {}) !== JSON.stringify(states[tracker] ?? {}))
        .map((source) => source.id),
    );
    return c.json(await describe(id, c.req.valid("query")), 200);
  });

  app.openapi(addRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { source: wanted, status, name } = c.req.valid("json");
    const source = findProject(config.current(), id).sources.find((one) => one.id === wanted);
    const row = (await store.sources.list()).find(({ config: one }) => one.id === source?.id);
    if (row === undefined) {
      throw new PanopticonError("not_found", `The project ${id} has no source “${wanted}”.`, { field: "source" });
    }
    if (row.mapping === null) {
      throw new PanopticonError("busy", "The workflow of this source has not been read yet.", {
        hint: "Wait for the first sync, or check the tracker's card for problems.",
      });
    }
    const like = findStateLike(status, (await store.sources.vocabulary(row.id)).states, row.mapping);
    if (like === undefined) {
      throw new PanopticonError(
        "unsupported",
        `There is no similar state to base a new one for ${statusLabels[status]} on.`,
        {
          hint: "Create it in the tracker; Panopticon reads it within the hour.",
        },
      );
    }
    await sync.createState(row.id, name ?? statusLabels[status], like.category, c.req.raw.signal);
    return c.json(await describe(id, c.req.valid("query")), 200);
  });

  /** Reads the workflow of these sources again; a failure shows on the tracker's card, where the sync keeps trying. */
  async function readAgain(sources: readonly string[]): Promise<void> {
    const asked = Promise.all(sources.map((source) => sync.syncNow({ source }))).then(
      () => undefined,
      (error: unknown) => log.warn({ err: toPanopticonError(error) }, "the workflow could not be read again"),
    );
    const patience = new AbortController();
    await Promise.race([asked, clock.sleep(patienceMs, patience.signal).catch(() => undefined)]);
    patience.abort();
  }
}
