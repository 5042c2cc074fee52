import { readFileSync } from "node:fs";
import { PanopticonError } from "../../domain/error.ts";
import { readProcessStat } from "./process-stat.ts";
import { isNotThere } from "../../domain/file-error.ts";

/** The content of server.json. */
export type RunningServer = {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  readonly version: string;
  /** The process is running and is proven, by its start time, to be the one that wrote the file, and so the one at the address. */
  readonly isCertain: boolean;
};

/**
 * Reads server.json if its process is alive; null otherwise. If not certain, the pid may have been reused by another program: then only a response at the
 * address proves a server (see server-client.ts).
 */
export function findServerFile(path: string): RunningServer | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isNotThere(error)) return null;
    throw new PanopticonError("internal", `${path} could not be read.`, {
      hint: "Check its owner and mode; it must belong to you.",
      cause: error,
    });
  }
  const server = parse(text);
  if (server === null || !isAlive(server.pid)) return null;
  const { begin, ...known } = server;
  const stat = readProcessStat(server.pid);
  // A stopped process (SIGSTOP, a debugger) never responds; do not wait for it.
  const isStopped = stat?.state === "T" || stat?.state === "t";
  return { ...known, isCertain: begin !== null && stat?.begin === begin && !isStopped };
}

/** Whether a process with this pid is alive, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  // A zombie keeps its pid until its parent reaps it, which a container's first process may never do.
  return readProcessStat(pid)?.state !== "Z";
}

// An invalid file counts as none. Parsed by hand, because listings do not load zod.
function parse(text: string): (Omit<RunningServer, "isCertain"> & { readonly begin: string | null }) | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof value !== "object" || value === null) return null;
  const { pid, url, token, version, begin } = value as Record<string, unknown>;
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid <= 0) return null;
  if (typeof url !== "string" || typeof token !== "string" || typeof version !== "string") return null;
  // Never send the token to another machine, whatever the file says.
  if (!/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(url)) return null;
  return { pid, url, token, version, begin: typeof begin === "string" ? begin : null };
}
