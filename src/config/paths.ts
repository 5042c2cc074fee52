import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { Paths } from "./config.ts";

/** Environment variables: `process.env`, or a test's own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The user's home for Panopticon: `PANOPTICON_HOME`, else the operating system's. */
export function userHome(env: Environment): string {
  const given = env["PANOPTICON_HOME"]?.trim();
  return given ? resolve(given) : env["HOME"]?.trim() || homedir();
}

/** The paths of Panopticon's files for these variables. */
export function resolvePaths(env: Environment): Paths {
  const user = userHome(env);
  if (isDemoFolder(user)) return pathsIn(user, join(user, ".panopticon.env"));
  return pathsIn(join(user, ".panopticon"), join(user, ".panopticon.env"));
}

/** Whether this is the demo's folder, `~/.panopticon/demo`: all its files are in it. As `PANOPTICON_HOME`, it lets every command work on the demo. */
export function isDemoFolder(folder: string): boolean {
  return basename(folder) === "demo" && basename(dirname(folder)) === ".panopticon";
}

/** The files in a folder like `~/.panopticon`, with the given credentials file. */
export function pathsIn(home: string, envFile: string): Paths {
  return {
    home,
    envFile,
    projectsFile: join(home, "projects.yaml"),
    configFile: join(home, "config.yaml"),
    serverFile: join(home, "server.json"),
    tokenFile: join(home, "token"),
    databaseFile: join(home, "panopticon.db"),
    lockFile: join(home, "lock"),
    editLockFile: join(home, "edit.lock"),
    webhooksFile: join(home, "webhooks.json"),
  };
}
