import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Paths, TrackerKeys } from "./config.ts";
import { resolvePaths, type Environment } from "./paths.ts";
import { readConfig, type ReadConfigOptions } from "./read-config.ts";

/** Two made-up trackers: one with repositories and a server, one with teams and a key. */
export const trackers: readonly TrackerKeys[] = [
  {
    id: "hub",
    label: "Hub",
    credentialFields: [
      {
        name: "token",
        label: "Token",
        env: ["HUB_TOKEN", "HB_TOKEN"],
        secret: true,
        required: true,
        help: "Make one in Hub's settings.",
        fallback: {
          command: "hub",
          args: (host) => ["auth", "token", "--hostname", host],
          label: "hub auth token",
          file: { paths: ["$HUB_DIR/hub.yml", "~/.config/hub.yml"], keys: (host) => ["hosts", host, "token"] },
        },
      },
      {
        name: "server",
        label: "Server",
        env: ["HUB_API_URL"],
        secret: false,
        required: true,
        defaultValue: "https://api.hub.example",
        help: "Only for a server of your own.",
      },
    ],
    sourceKeys: [
      {
        key: "hub_repo",
        label: "Repository",
        plural: "Repositories",
        placeholder: "owner/repo",
        check: (value) =>
          /^[\w.-]+\/[\w.-]+$/.test(value) ? { ok: true } : { ok: false, message: "it is owner/repo" },
        refPrefix: (value, prefix) => prefix ?? value.split("/")[1] ?? "",
        fromRemote: (remote, server) => (server.endsWith(remote.host) ? remote.path : null),
      },
    ],
  },
  {
    id: "lin",
    label: "Lin",
    credentialFields: [
      { name: "apiKey", label: "API key", env: ["LIN_API_KEY"], secret: true, required: true, help: "Make one." },
    ],
    sourceKeys: [
      {
        key: "lin_team",
        label: "Team",
        plural: "Teams",
        placeholder: "APP",
        check: (value) => (/^[A-Z]+$/.test(value) ? { ok: true } : { ok: false, message: "it is in capitals" }),
        refPrefix: () => "",
      },
    ],
  },
];

export type Home = {
  readonly folder: string;
  readonly paths: Paths;
  readonly env: Environment;
  /** Writes a file in the home: `projects` and `config` are the two YAML files, `env` is the environment file. */
  write(which: "projects" | "config" | "env", text: string, mode?: number): string;
  /** The configuration from the files and `env`; no other program is started. */
  read(options?: Partial<ReadConfigOptions>): ReturnType<typeof readConfig>;
  [Symbol.dispose](): void;
};

/** Creates a home folder for one test. */
export function makeHome(variables: Environment = {}): Home {
  const folder = mkdtempSync(join(tmpdir(), "panopticon-config-"));
  const env = { ...variables, PANOPTICON_HOME: folder };
  const paths = resolvePaths(env);
  const files = { projects: paths.projectsFile, config: paths.configFile, env: paths.envFile };
  return {
    folder,
    paths,
    env,
    write(which, text, mode = 0o600) {
      mkdirSync(dirname(files[which]), { recursive: true });
      writeFileSync(files[which], text, { mode });
      return files[which];
    },
    read: (options) => readConfig({ paths, env, cwd: folder, trackers, runCommand: null, ...options }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
