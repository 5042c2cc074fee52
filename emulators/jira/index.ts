import type { EmulatorDefinition } from "../definition.ts";
import { createAccess } from "./access.ts";
import { seedFiles } from "./files.ts";
import { createHandler } from "./handler.ts";
import { createLimits } from "./limits.ts";
import { seedJira } from "./seed.ts";
import { createDialect } from "./webhooks.ts";
import { webPage } from "./web-pages.ts";
import { createWire } from "./wire.ts";
import { createWorld } from "./world.ts";

/** The live limits depend on plan and server: read them from the headers. */
const requests = { cloud: 65_000, "data-center": 10_000 } as const;

/** Jira Cloud, or with the variant `data-center` a Data Center under the context path `/jira`. */
export const jiraEmulator: EmulatorDefinition = {
  tracker: "jira",
  create({ origin, options, now }) {
    const edition = options.variant === "data-center" ? "data-center" : "cloud";
    if (options.variant !== undefined && options.variant !== edition) {
      throw new Error(`Jira has the variants cloud and data-center, not ${options.variant}.`);
    }
    const contextPath = edition === "cloud" ? "" : "/jira";
    const baseUrl = origin + contextPath;
    const state = seedJira({ ...options, edition, baseUrl, now });
    seedFiles(state);
    const access = createAccess(state);
    const wires = { en: createWire(state, "en"), de: createWire(state, "de") };
    const keys = ({ token, user }: typeof access.full): Record<string, string> => ({
      JIRA_API_KEY: token,
      ...(edition === "cloud" ? { JIRA_EMAIL: user.email } : {}),
      JIRA_URL: baseUrl,
    });
    return {
      url: baseUrl,
      credentials: keys(access.full),
      otherCredentials: keys(access.other),
      weakCredentials: {
        values: keys(access.weak),
        lacks: "the permission to browse any project but the first, and to change anything",
      },
      sources: state.projects.map(({ id, key, name }) => ({ id: String(id), key, name })),
      world: createWorld(state),
      dialect: createDialect(state, wires.en),
      page: (request) => webPage(state, contextPath, request),
      handle: createHandler({
        state,
        access,
        contextPath,
        wires,
        limits: createLimits(edition, now, options.budget ?? requests[edition]),
      }),
    };
  },
};
