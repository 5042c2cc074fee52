import type { EmulatorDefinition } from "../definition.ts";
import { createAccess } from "./access.ts";
import { seedFiles } from "./files.ts";
import { createHandler } from "./handler.ts";
import { createLimits } from "./limits.ts";
import { seedGitHub } from "./seed.ts";
import { createSecondaryLimits } from "./secondary-limits.ts";
import { createDialect } from "./webhooks.ts";
import { webPage } from "./web-pages.ts";
import { createWire } from "./wire.ts";
import { createWorld } from "./world.ts";

const requestsPerHour = 5_000;

export const gitHubEmulator: EmulatorDefinition = {
  tracker: "github",
  create({ origin, options, now, hooks }) {
    const state = seedGitHub({ ...options, now });
    state.origin = origin;
    seedFiles(state);
    const access = createAccess(state);
    const wire = createWire(state, origin);
    const keys = (token: string) => ({ GITHUB_TOKEN: token, GITHUB_API_URL: origin });
    return {
      url: origin,
      credentials: keys(access.full.token),
      otherCredentials: keys(access.other.token),
      weakCredentials: {
        values: keys(access.weak.token),
        lacks: "the scope `repo`: private repositories answer 404, and so does every write",
      },
      sources: state.repos.map((repo) => ({ id: String(repo.id), key: repo.fullName, name: repo.fullName })),
      world: createWorld(state),
      dialect: createDialect(state, wire, access.full),
      page: (request) => webPage(state, access, request),
      handle: createHandler({
        state,
        access,
        origin,
        wire,
        hooks,
        limits: createLimits(now, options.budget ?? requestsPerHour),
        // Scale with the budget, which callers raise to go faster.
        secondaryLimits: createSecondaryLimits(now, Math.max(1, (options.budget ?? 0) / requestsPerHour)),
      }),
    };
  },
};
