import { lazyConnection } from "../lazy-connection.ts";
import type { TrackerDefinition, WritingCapabilities } from "../tracker.ts";
import { defaultServer, githubHttp, webHost } from "./http-policy.ts";
import { mostAssignees } from "./limits.ts";
import { githubRefs } from "./refs.ts";
import { stateAliases } from "./state-aliases.ts";

const repository = /^[A-Za-z0-9-]+(?:_[A-Za-z0-9]+)?\/[A-Za-z0-9_.-]+$/;

const writing: WritingCapabilities = {
  assignees: "many",
  mostAssignees,
  relations: ["blocks", "blocked_by"],
  // GitHub accepts bodies of 65,536 characters, including the mark that a new body carries.
  texts: { title: 256, body: 65_536 - 57 },
  comments: { edit: true, delete: true, reply: false },
  type: true,
  newLabels: true,
  choices: false,
  newStates: false,
  // "Make requests serially": https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
  concurrency: 1,
  lagMs: 5000,
};

export const github: TrackerDefinition = {
  id: "github",
  label: githubHttp.label,
  sourceNoun: { one: "repository", many: "repositories" },
  credentialFields: [
    {
      name: "token",
      label: "Token",
      env: ["GITHUB_TOKEN", "GH_TOKEN"],
      secret: true,
      required: true,
      placeholder: "ghp_… or github_pat_…",
      help: "A classic token with the scope `repo`, or a fine-grained one with Issues: read and write and Metadata: read, from github.com/settings/tokens; `gh auth login` is used too.",
      fallback: {
        command: "gh",
        args: (host) => ["auth", "token", "--hostname", host.toLowerCase().replace(/^api\./, "")],
        label: "GitHub CLI (gh)",
      },
    },
    {
      name: "server",
      label: "Server",
      env: ["GITHUB_API_URL"],
      secret: false,
      required: false,
      defaultValue: defaultServer,
      placeholder: defaultServer,
      help: "The API's address; for GitHub Enterprise https://HOST/api/v3.",
    },
  ],
  sourceKeys: [
    {
      key: "github_repo",
      label: "Repository",
      plural: "Repositories",
      placeholder: "owner/repository",
      check: (value) =>
        repository.test(value)
          ? { ok: true }
          : {
              ok: false,
              message: `"${value}" is not a repository: write owner/repository, such as octocat/hello-world.`,
            },
      refPrefix: (value, issuePrefix) => issuePrefix ?? value.split("/")[1] ?? value,
      fromRemote: (remote, server) =>
        remote.host === webHost(server) && repository.test(remote.path) ? remote.path : null,
    },
  ],
  capabilities: {
    labels: true,
    priority: true,
    estimate: false,
    dueDate: false,
    cycles: true,
    parent: true,
    relations: true,
    comments: true,
    attachments: true,
    countsOutside: true,
  },
  writing,
  refs: githubRefs,
  codeHost: {
    requestNoun: "pull request",
    maxTitle: 256,
    // https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
    closingWords: ({ sourceKey, key }) => `Closes ${sourceKey}${key}`,
  },
  webhooks: {
    secretIn: "signature",
    byToken: true,
    load: async () => (await import("./webhook-reader.ts")).webhookReader,
  },
  stateAliases,
  http: githubHttp,
  connect: (http) =>
    lazyConnection(async () => (await import("./connection.ts")).connectGithub(http), writing, {
      code: true,
      webhooks: true,
    }),
};
