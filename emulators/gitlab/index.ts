import type { EmulatorDefinition } from "../definition.ts";
import { createAccess } from "./access.ts";
import type { Edition } from "./edition.ts";
import { createHandler } from "./handler.ts";
import { createLimits } from "./limits.ts";
import { seedGitLab } from "./seed.ts";
import { createDialect } from "./webhooks.ts";
import { webPage } from "./web-pages.ts";
import { createWorld } from "./world.ts";

/** gitlab.com's budget for an authenticated user. https://docs.gitlab.com/user/gitlab_com/#rate-limits-on-gitlabcom */
const requestsPerMinute = 2_000;

const current: Edition = {
  below: "",
  age: "18",
  hasKeyset: true,
  isFree: false,
  hasStatuses: false,
  tellsBudget: true,
};
const own: Edition = { ...current, below: "/gitlab", age: "17", hasKeyset: false, tellsBudget: false };

const editions: Readonly<Record<string, Edition>> = {
  "gitlab.com": current,
  /** gitlab.com with the group's custom work item statuses, in paid projects. */
  statuses: { ...current, hasStatuses: true },
  /** An older self-managed server, and a user whose token comes from signing in with `glab`. */
  "self-managed": own,
  /** A self-managed server that was not upgraded for years. */
  "self-managed-15": { ...own, age: "15" },
  /** A current Community Edition. */
  "self-managed-free": { ...own, age: "18", hasKeyset: true, isFree: true },
};

export const gitLabEmulator: EmulatorDefinition = {
  tracker: "gitlab",
  create({ origin, options, now, hooks }) {
    const variant = options.variant ?? "gitlab.com";
    const edition = editions[variant];
    if (edition === undefined) throw new Error(`There is no GitLab called ${variant}.`);
    const state = seedGitLab({ ...options, hasStatuses: edition.hasStatuses, isFree: edition.isFree, now });
    const access = createAccess(state);
    const url = origin + edition.below;
    const keys = (token: string) => ({ GITLAB_TOKEN: token, GITLAB_URL: url });
    return {
      url,
      credentials: keys(variant.startsWith("self-managed") ? access.oauth.token : access.full.token),
      otherCredentials: keys(access.other.token),
      weakCredentials: {
        values: keys(access.weak.token),
        lacks: "the scope `api`, and membership of the private projects, which answer 404",
      },
      sources: state.projects.map((project) => ({ id: String(project.id), key: project.path, name: project.path })),
      world: createWorld(state, url),
      dialect: createDialect(state, url),
      page: (request) => webPage(state, edition.below, request),
      handle: createHandler({
        state,
        access,
        edition,
        hooks,
        origin,
        limits: createLimits(now, options.budget ?? requestsPerMinute),
      }),
    };
  },
};
