import type { EmulatorDefinition } from "../definition.ts";
import { createAccess } from "./access.ts";
import { createSchema } from "./executable-schema.ts";
import { seedFiles } from "./files.ts";
import { createHandler } from "./handler.ts";
import { createLimits } from "./limits.ts";
import { createResolvers } from "./resolvers.ts";
import { seedLinear } from "./seed.ts";
import { createDialect } from "./webhooks.ts";
import { createWebhookResolvers } from "./webhook-resolvers.ts";
import { webPage } from "./web-pages.ts";
import { createWorld } from "./world.ts";

/** Limits observed for a workspace's API key in 2026; the documentation gives other numbers. */
const requestsPerHour = 2_500;
const pointsPerHour = 3_000_000;

export const linearEmulator: EmulatorDefinition = {
  tracker: "linear",
  create({ origin, options, now, hooks }) {
    const state = seedLinear({ ...options, now });
    state.origin = origin;
    seedFiles(state);
    const access = createAccess(state);
    const url = `${origin}/graphql`;
    const keys = (key: string) => ({ LINEAR_API_KEY: key, LINEAR_API_URL: url });
    const requests = options.budget ?? requestsPerHour;
    return {
      url,
      credentials: keys(access.full.key),
      otherCredentials: keys(access.other.key),
      weakCredentials: {
        values: keys(access.weak.key),
        lacks: `the scope \`write\`, and all teams but ${state.teams[0]?.key ?? "the first"}`,
      },
      sources: state.teams.map((team) => ({ id: team.id, key: team.key, name: team.name })),
      world: createWorld(state),
      dialect: createDialect(state),
      page: (request) => webPage(state, access, request),
      handle: createHandler({
        state,
        access,
        schema: createSchema([createResolvers(state, origin), createWebhookResolvers(state, hooks)], now),
        limits: createLimits(now, { requests, points: (pointsPerHour / requestsPerHour) * requests }),
      }),
    };
  },
};
