import type { EmulatorDefinition } from "../registry.ts";
import { createAccess } from "./access.ts";
import { createHandler } from "./handler.ts";
import { createLimits } from "./limits.ts";
import { seedGitLab } from "./seed.ts";
import { webPage } from "./web-pages.ts";
import { createWorld } from "./world.ts";

/** gitlab.com's budget of an authenticated user. https://docs.gitlab.com/user/gitlab_com/#rate-limits-on-gitlabcom */
const requestsPerMinute = 2_000;

export const gitLabEmulator: EmulatorDefinition = {
  tracker: "gitlab",
  create({ origin, options, now }) {
    const state = seedGitLab({ ...options, now });
    const access = createAccess(state);
    const keys = (token: string) => ({ GITLAB_TOKEN: token, GITLAB_URL: origin });
    return {
      url: origin,
      credentials: keys(access.full.token),
      otherCredentials: keys(access.other.token),
      weakCredentials: {
        values: keys(access.weak.token),
        lacks: "the scope `api`, and membership of the private projects, which answer 404",
      },
      sources: state.projects.map((project) => ({ id: String(project.id), key: project.path, name: project.path })),
      world: createWorld(state, origin),
      page: (request) => webPage(state, request),
      handle: createHandler({
        state,
        access,
        origin,
        limits: createLimits(now, options.budget ?? requestsPerMinute),
      }),
    };
  },
};
