import { lazyConnection } from "../lazy-connection.ts";
import type { TrackerDefinition, WritingCapabilities } from "../tracker.ts";
import { defaultServer, gitlabHttp, webBase } from "./http-policy.ts";
import { gitlabRefs } from "./refs.ts";

const segment = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?";
const project = new RegExp(`^${segment}(?:/${segment})+$`);

const writing: WritingCapabilities = {
  assignees: "many",
  mostAssignees: null,
  relations: ["blocks", "blocked_by", "relates"],
  // The limit of comments; descriptions may be a little longer.
  texts: { title: 255, body: 999_900 },
  comments: { edit: true, delete: true, reply: true },
  type: true,
  newLabels: true,
  choices: false,
  newStates: false,
  concurrency: 4,
  lagMs: 2000,
};

export const gitlab: TrackerDefinition = {
  id: "gitlab",
  label: gitlabHttp.label,
  sourceNoun: { one: "project", many: "projects" },
  credentialFields: [
    {
      name: "token",
      label: "Token",
      env: ["GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"],
      secret: true,
      required: true,
      placeholder: "glpat-…",
      help: "A personal access token with the scope `api` (`read_api` to read only), from Preferences → Access tokens in GitLab; `glab auth login` is used too.",
      fallback: {
        command: "glab",
        args: (host) => ["config", "get", "token", "--host", host],
        label: "GitLab CLI (glab)",
        file: {
          paths: [
            "$GLAB_CONFIG_DIR/config.yml",
            "$XDG_CONFIG_HOME/glab-cli/config.yml",
            "~/.config/glab-cli/config.yml",
            "~/Library/Application Support/glab-cli/config.yml",
            "$APPDATA/glab-cli/config.yml",
            "$LOCALAPPDATA/glab-cli/config.yml",
          ],
          keys: (host) => ["hosts", host, "token"],
        },
      },
    },
    {
      name: "server",
      label: "Server",
      env: ["GITLAB_URL"],
      secret: false,
      required: false,
      defaultValue: defaultServer,
      placeholder: defaultServer,
      help: "The address of your own GitLab, https://HOST, with its path if it lies below one.",
    },
  ],
  sourceKeys: [
    {
      key: "gitlab_project",
      label: "Project",
      plural: "Projects",
      placeholder: "group/subgroup/project",
      check: (value) =>
        project.test(value)
          ? { ok: true }
          : { ok: false, message: `"${value}" is not a project: use its full path, such as group/project.` },
      refPrefix: (value, issuePrefix) => issuePrefix ?? value.split("/").at(-1) ?? value,
      fromRemote: (remote, server) => {
        const base = URL.parse(webBase(server || defaultServer));
        if (base === null || base.hostname.toLowerCase() !== remote.host) return null;
        // For a server below a path, HTTPS remotes include that path, SSH remotes do not.
        const below = `${base.pathname.replace(/^\/|\/$/g, "")}/`;
        const path = below !== "/" && remote.path.startsWith(below) ? remote.path.slice(below.length) : remote.path;
        return project.test(path) ? path : null;
      },
    },
  ],
  capabilities: {
    labels: true,
    priority: true,
    estimate: true,
    dueDate: true,
    cycles: true,
    parent: true,
    relations: true,
    comments: true,
    attachments: true,
    countsOutside: true,
  },
  writing,
  refs: gitlabRefs,
  codeHost: {
    requestNoun: "merge request",
    maxTitle: 255,
    // https://docs.gitlab.com/user/project/issues/managing_issues/#closing-issues-automatically; there, issues are written with #.
    closingWords: ({ sourceKey, key }) => `Closes ${sourceKey}${key.replace("!", "#")}`,
  },
  webhooks: {
    secretIn: "signature",
    byToken: true,
    load: async () => (await import("./webhook-reader.ts")).webhookReader,
  },
  http: gitlabHttp,
  connect: (http) =>
    lazyConnection(async () => (await import("./connection.ts")).connectGitlab(http), writing, {
      code: true,
      webhooks: true,
    }),
};
