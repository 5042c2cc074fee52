import type { EmulatorDefinition } from "../definition.ts";
import { createAccess } from "./access.ts";
import { createCatalogue } from "./catalogue.ts";
import { seedFiles } from "./files.ts";
import { createHandler } from "./handler.ts";
import { seedRally } from "./seed.ts";
import { createDialect } from "./webhooks.ts";
import { webPage } from "./web-pages.ts";
import { createWire } from "./wire.ts";
import { createWorld, keyOf } from "./world.ts";

const largestPage = 2_000;

export const rallyEmulator: EmulatorDefinition = {
  tracker: "rally",
  create({ origin, options, now, hooks }) {
    const state = seedRally({ ...options, now });
    state.origin = origin;
    seedFiles(state);
    const access = createAccess(state);
    const catalogue = createCatalogue(state);
    const wire = createWire(origin);
    const keys = (key: string) => ({ RALLY_API_KEY: key, RALLY_SERVER: origin });
    return {
      url: origin,
      credentials: keys(access.full.key),
      otherCredentials: keys(access.other.key),
      weakCredentials: {
        values: keys(access.weak.key),
        lacks: "the right to write (the key is for reading only, its user a viewer), and all projects but the first",
      },
      sources: state.projects.map((project) => ({ id: String(project.oid), key: keyOf(project), name: project.name })),
      world: createWorld(state),
      dialect: createDialect(state, catalogue, wire),
      page: (request) => webPage(state, access, request),
      handle: createHandler({
        state,
        access,
        catalogue,
        wire,
        hooks,
        largestPage: options.largestPage ?? largestPage,
        isThorough: options.variant === "thorough",
      }),
    };
  },
};
